namespace Lowrank.Training;

/// <summary>What a language model learns of which rows, and how rows are made.</summary>
public sealed partial record LanguageSection
{
    /// <summary>Which tokens of rows count, and whether that is the answer alone; null where the data tell.</summary>
    public static Words<bool?> Counting { get; } = new(
        ("auto", null, "the answer where the data part prompt and answer, else all"), ("completion", true, null), ("all", false, null));

    /// <summary>How the batches of a step are weighed, and whether by tokens.</summary>
    public static Words<bool> Reductions { get; } = new(
        ("tokens", true, "every token of a step weighs the same"), ("means", false, "every batch does"));

    /// <summary>File of the rows.</summary>
    public string Data { get; init; } = "";

    /// <summary>File of rows that are held back; empty for none.</summary>
    public string ValidationData { get; init; } = "";

    /// <summary>Which column stands for which field: <c>prompt=mr,completion=refs</c>; empty takes fields by their own names.</summary>
    public string Columns { get; init; } = "";

    /// <summary>What is asked of a prompt that is a text, with <see cref="AskedRows.Input"/> where it goes; empty leaves prompts as they
    /// are.</summary>
    public string Prompt { get; init; } = "";

    /// <summary>The task of GLUE that the data are of; empty for what its columns tell.</summary>
    public string Task { get; init; } = "";

    /// <summary>Names of the classes, in the order of a head's scores; empty for those of data and base.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Learning rate of a head; null takes that of the rest.</summary>
    public double? HeadLearningRate { get; init; }

    /// <summary>By whose rules rows are made, as <see cref="RowWords.Way"/> reads it.</summary>
    public string Rows { get; init; } = "trl";

    /// <summary>The most tokens of a row; 0 sets no limit.</summary>
    public int MaxLength { get; init; } = 1024;

    /// <summary>Which end of a row stays, as <see cref="RowWords.KeepsEnd"/> reads it.</summary>
    public string Truncation { get; init; } = "keep_start";

    /// <summary>How short rows share one, as <see cref="RowWords.Packing"/> reads it.</summary>
    public string Packing { get; init; } = "none";

    /// <summary>Whether the begin token stands before texts though the tokenizer puts none.</summary>
    public bool BeginToken { get; init; }

    /// <summary>Which tokens count: a word of <see cref="Counting"/>.</summary>
    public string Counted { get; init; } = "auto";

    /// <summary>Whether only what the assistant says counts.</summary>
    public bool AssistantOnly { get; init; }

    /// <summary>Number of which the length of a batch is a multiple.</summary>
    public int PadToMultipleOf { get; init; } = 1;

    /// <summary>Name of the objective.</summary>
    public string Objective { get; init; } = "sft";

    /// <summary>Arguments of objectives that are given, by name.</summary>
    public IReadOnlyDictionary<string, string> ObjectiveArguments { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether dropouts are off for objectives that compare, as TRL has them.</summary>
    public bool DisableDropout { get; init; } = true;

    /// <summary>Whether what the reference holds of all rows is asked before the first step, and kept.</summary>
    public bool CacheReference { get; init; }

    /// <summary>How the batches of a step are weighed: a word of <see cref="Reductions"/>.</summary>
    public string Reduction { get; init; } = "tokens";

    /// <summary>Size of the noise on tokens' vectors; 0 adds none.</summary>
    public double NeftuneAlpha { get; init; }

    /// <summary>Steps between looks at <see cref="ValidationData"/>.</summary>
    public int ValidateEvery { get; init; } = 50;

    /// <summary>Steps between sample texts; 0 writes none.</summary>
    public int SampleEvery { get; init; }

    /// <summary>Prompts of the sample texts.</summary>
    public IReadOnlyList<string> SamplePrompts { get; init; } = [];

    /// <summary>The most tokens of a sample text.</summary>
    public int SampleTokens { get; init; } = 64;

    /// <summary>Whether the finished adapter is written as a GGUF file too.</summary>
    public bool Gguf { get; init; } = true;

    /// <summary>How rows are made.</summary>
    /// <exception cref="LowrankException">A word that is not known, or settings that do not go together.</exception>
    public RowOptions ToRows() => new()
    {
        MaxLength = MaxLength > 0 ? MaxLength : null,
        KeepsEnd = RowWords.KeepsEnd(Truncation),
        CompletionOnly = Counting.Of(Counted),
        AssistantOnly = AssistantOnly,
        Way = RowWords.Way(Rows),
        Packing = RowWords.Packing(Packing),
    };

    /// <summary>What it is trained for.</summary>
    /// <exception cref="LowrankException">A name or an argument that is not known.</exception>
    public IObjective ToObjective() => Objectives.Named(Objective).Create(ObjectiveArguments);
}
