"""What the usual libraries' names do to rows."""

import re

__all__ = ["words"]


def words(text: str) -> frozenset[str]:
    """Return the words of a text."""
    return frozenset(text.split())


TRANSFORMERS = words(
    """
    StandardScaler MinMaxScaler RobustScaler MaxAbsScaler QuantileTransformer PowerTransformer
    KBinsDiscretizer SimpleImputer Imputer KNNImputer IterativeImputer MissForest PCA IncrementalPCA KernelPCA
    SparsePCA TruncatedSVD NMF FastICA FactorAnalysis LatentDirichletAllocation CountVectorizer
    TfidfVectorizer TfidfTransformer VarianceThreshold Nystroem Isomap UMAP FeatureAgglomeration
    SplineTransformer Tokenizer Normalization TextVectorization
    """
)
SELECTORS = words(
    """
    SelectKBest SelectPercentile SelectFpr SelectFdr SelectFwe GenericUnivariateSelect RFE RFECV
    SelectFromModel SequentialFeatureSelector BorutaPy LinearDiscriminantAnalysis PLSRegression
    ExhaustiveFeatureSelector
    """
)
ENCODERS = words(
    """
    TargetEncoder CatBoostEncoder JamesSteinEncoder MEstimateEncoder LeaveOneOutEncoder WOEEncoder GLMMEncoder
    MeanEncoder
    """
)
HARMLESS = words(
    """
    LabelEncoder LabelBinarizer MultiLabelBinarizer OneHotEncoder OrdinalEncoder Normalizer
    FunctionTransformer HashingVectorizer Binarizer PolynomialFeatures DictVectorizer FeatureHasher
    BinaryEncoder HashingEncoder
    """
)
"""They learn the names of levels, or nothing at all."""

OVERSAMPLERS = words(
    """
    SMOTE SMOTENC SMOTEN ADASYN RandomOverSampler BorderlineSMOTE SVMSMOTE KMeansSMOTE SMOTEENN SMOTETomek
    """
)
PIPELINES = words(
    """
    Pipeline make_pipeline ColumnTransformer make_column_transformer FeatureUnion make_union ImbPipeline
    TransformedTargetRegressor DataFrameMapper
    """
)
SEARCHES = words(
    """
    GridSearchCV RandomizedSearchCV HalvingGridSearchCV HalvingRandomSearchCV BayesSearchCV OptunaSearchCV
    TuneSearchCV
    """
)
CROSSED = words(
    """
    cross_val_score cross_validate cross_val_predict learning_curve validation_curve permutation_test_score
    """
)
BY_CHANCE = words(
    """
    KFold StratifiedKFold RepeatedKFold RepeatedStratifiedKFold ShuffleSplit StratifiedShuffleSplit
    """
)
SPLITTERS = BY_CHANCE | words(
    """
    GroupKFold StratifiedGroupKFold LeaveOneGroupOut LeavePGroupsOut GroupShuffleSplit TimeSeriesSplit
    LeaveOneOut PredefinedSplit
    """
)
METRICS = re.compile(
    r"(?:\w+_(?:score|error|loss|report|matrix|deviance|auc|accuracy)|r2_score|log_loss|auc|rmse|mae|mse|mape|rmsle"
    r"|accuracy|cross_entropy|classification_report|confusion_matrix|matthews_corrcoef|score_model|f1)"
)
LOSSES = re.compile(r"\w*(?:Loss|loss|criterion)\w*")
CURVES = frozenset({"roc_curve", "precision_recall_curve", "det_curve"})
READERS = re.compile(
    r"(?:read_(?!only)\w+|load_(?!model|weights|state|module|ipython|dotenv|config|learner|workbook|json|yaml)\w+"
    r"|fetch_\w+|make_(?:classification|regression|blobs|moons|circles|friedman1)|loadtxt|genfromtxt|loadmat|scan_\w+|get_rdataset)"
)
SURE_STATISTICS = words(
    """
    mean std var median quantile percentile nanmean nanstd nanmedian average mode zscore
    """
)
STATISTICS = SURE_STATISTICS | words(
    """
    max min ptp sum nansum nanmax nanmin skew kurt kurtosis sem value_counts cov describe agg aggregate prod
    idxmax idxmin nanvar
    """
)
CORRELATIONS = words(
    """
    corr corrwith corrcoef mutual_info_classif mutual_info_regression f_classif chi2 f_regression
    """
)
HARMLESS_STATISTICS = words("count nunique size first last nth any all unique")
IN_TIME = words("shift rolling expanding ewm resample diff pct_change")
PLAIN_IN_GROUPS = words(
    """
    shift cumsum cumcount cummax cummin diff ffill bfill ngroup head tail rank pct_change
    """
)
TRANSPARENT = words("T values iloc loc at iat str dt cat array A real flat")
GENERATED = words(
    """
    randn normal standard_normal lognormal poisson binomial integers randint zeros ones full empty linspace logspace eye
    identity zeros_like ones_like full_like empty_like
    """
)
"""They make numbers of their own: only the length comes from the table."""

RANDOM = words("rand random random_sample uniform permutation choice")
SHOWN = words(
    """
    print display plot show figure hist scatter bar barplot heatmap countplot boxplot pairplot distplot
    savefig subplots title xlabel ylabel legend to_csv to_parquet to_pickle dump info head_ describe_
    """
)
CHOOSERS = words("argmax argmin max min idxmax idxmin nanargmax nanargmin amax amin")
WEAK_CHOOSERS = words("sorted sort sort_values nlargest nsmallest argsort")
OPTIMIZERS = words(
    """
    optimize fmin minimize minimize_scalar maximize gp_minimize differential_evolution brute forest_minimize
    """
)
WRAPPERS = re.compile(
    r"(?:DMatrix|Dataset|Pool|DataFrame|Series|DataLoader|TensorDataset|Subset|ConcatDataset|\w+_matrix|Variable|Tensor|DataBunch)"
)
TIME_NAME = re.compile(r"(?:.*_)?(?:date|time|timestamp|datetime|day|month|year|week|dt|ts)(?:_.*)?", re.IGNORECASE)
GROUP_NAME = re.compile(
    r"(?:patient|subject|user|customer|client|household|session|speaker|person|participant|driver|store|shop|group"
    r"|machine|device|sensor|site|hospital|member|account)(?:_?(?:id|no|nr|key|number|code))?s?",
    re.IGNORECASE,
)
BASELINE = re.compile(r"dummy|baseline|naive", re.IGNORECASE)
VALIDATION = re.compile(r"(?:^|_)(?:va|val|valid|validation|dev|eval|oof|holdout_val|tune|calib\w*)(?:_|\d|$)")
