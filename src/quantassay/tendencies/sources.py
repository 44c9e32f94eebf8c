"""Publications that several tendencies are of."""

DETTMERS = "Dettmers et al. 2022, LLM.int8(), arXiv 2208.07339"
XIAO = "Xiao et al. 2022, SmoothQuant, arXiv 2211.10438"
BONDARENKO = "Bondarenko et al. 2021, arXiv 2109.12948"
NAGEL = "Nagel et al. 2019, Data-Free Quantization, arXiv 1906.04721"
HAN = "Han et al. 2015, Learning both Weights and Connections, arXiv 1506.02626"
LIN = "Lin et al. 2016, Fixed Point Quantization of Deep Convolutional Networks, arXiv 1511.06393"
KRISHNAMOORTHI = "Krishnamoorthi 2018, Quantizing deep convolutional networks, arXiv 1806.08342"
