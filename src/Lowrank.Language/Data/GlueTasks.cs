namespace Lowrank.Language;

/// <summary>GLUE's tasks (Wang et al. 2018, arXiv:1804.07461) in the layout of their own files.</summary>
public static class GlueTasks
{
    static readonly string[] binary = ["0", "1"];
    static readonly string[] entailment = ["entailment", "not_entailment"];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<GlueTask> All { get; } =
    [
        new("cola", "3", null, "1", binary, HasNames: false) { ClassNames = ["unacceptable", "acceptable"] },
        new("sst-2", "sentence", null, "label", binary) { ClassNames = ["negative", "positive"] },
        new("mrpc", "#1 String", "#2 String", "Quality", binary) { ClassNames = ["not_equivalent", "equivalent"] },
        new("qqp", "question1", "question2", "is_duplicate", binary) { ClassNames = ["not_duplicate", "duplicate"] },
        new("sts-b", "sentence1", "sentence2", "score", []),
        new("mnli", "sentence1", "sentence2", "gold_label", ["entailment", "neutral", "contradiction"]),
        new("qnli", "question", "sentence", "label", entailment),
        new("rte", "sentence1", "sentence2", "label", entailment),
        new("wnli", "sentence1", "sentence2", "label", binary) { ClassNames = ["not_entailment", "entailment"] },
    ];

    /// <summary>The task of a name; a hyphen may be missing.</summary>
    /// <exception cref="LowrankException">There is none.</exception>
    public static GlueTask Named(string name) =>
        All.FirstOrDefault(task => task.Name == name || task.Name.Replace("-", "", StringComparison.Ordinal) == name)
        ?? throw new LowrankException($"GLUE has no task \"{name}\". It has: {string.Join(", ", All.Select(task => task.Name))}.");
}
