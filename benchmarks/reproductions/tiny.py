"""MLPerf Tiny's ResNet8: what was published of the pair, and the six disclosures."""

from __future__ import annotations

from .published import Disclosure, Publication, Statement

URL = "https://github.com/mlcommons/tiny"
FOLDER = "`benchmark/training/image_classification/"
TOP1 = Statement(
    "87.2 % and 87.0 %",
    "[pull request 116](https://github.com/mlcommons/tiny/pull/116)",
    quoted=False,
)
OF_200 = Statement(
    "Overall accuracy = 90.0 […] Overall accuracy = 88.5", f"{FOLDER}Logs/`, f475838, 863c77a"
)
AREAS = Statement(
    "AUC sklearn:  0.992388888888889 […] 0.9885555555555555", f"{FOLDER}Logs/`, f475838, 863c77a"
)
SIMPLIFIED = Statement(
    "Simplified average roc_auc = 0.990 […] 0.925", f"{FOLDER}Logs/`, f475838, 863c77a"
)
PUBLISHED = (0.872, 0.870)
LOGGED = (0.900, 0.885)
LOGGED_IMAGES = 200

PUBLICATION = Publication(
    title="MLPerf Tiny, image classification: ResNet8 on CIFAR-10",
    url=URL,
    commit="1afd2c9",
    disclosures=(
        Disclosure(
            "task",
            "yes",
            "A ResNet8 model is trained on the CIFAR10 dataset",
            f"{FOLDER}README.md`, 398ad57",
            "yes",
            "Which part, and whether all 10,000 test images or the 200 of the performance set, is "
            "for the reader of each figure to find out.",
        ),
        Disclosure(
            "model",
            "yes",
            "Model: ResNet8; pretrainedResnet.tflite, pretrainedResnet_quant.tflite",
            f"{FOLDER}README.md`, 398ad57; names of the files",
            "partial",
            "The base is named in the README, the quantized model only by its file and by "
            "`model_converter.py`, “fully int8”: the audit of the README finds the base alone.",
        ),
        Disclosure(
            "metric",
            "yes",
            "accuracy = 100 * correct / len(y_pred)",
            f"{FOLDER}eval_functions_eembc.py`, bceb91c",
            "yes",
            "Nothing in the README: the audit takes the score that is customary on CIFAR-10.",
        ),
        Disclosure(
            "reference",
            "partial",
            "converts floating point model to fully int8",
            f"{FOLDER}model_converter.py`, 04ce473",
            "no",
            "A word, no precision; the file itself holds float32. Nothing in the README.",
        ),
        Disclosure(
            "calibration",
            "yes",
            "_idx = np.load('calibration_samples_idxs.npy') […] test_data[i]",
            f"{FOLDER}model_converter.py`, 04ce473",
            "no",
            "Given in code alone, and it shows a leak: the images come from the test batch that is "
            "scored. How many, only a file of numbers says, which is not at hand.",
        ),
        Disclosure(
            "per stratum",
            "no",
            "",
            "",
            "no",
            "`calculate_all_accuracies` would give each class; no figure of it was found.",
        ),
    ),
)
