namespace Lowrank.Language;

/// <summary>The measures of labels by their names.</summary>
static class LabelMeasures
{
    /// <summary>Those of classes, and of scores, where the task names none.</summary>
    public static readonly string[] OfClasses = ["accuracy", "macro f1"], OfScores = ["pearson", "spearman"];

    static readonly Dictionary<string, Func<Classification, double>> classes = new()
    {
        ["accuracy"] = labels => labels.Accuracy,
        ["f1"] = labels => labels.F1(),
        ["macro f1"] = labels => labels.MacroF1,
        ["matthews"] = labels => labels.Matthews,
    };

    static readonly Dictionary<string, Func<IReadOnlyList<double>, IReadOnlyList<double>, double>> scores = new()
    {
        ["pearson"] = Correlation.Pearson,
        ["spearman"] = Correlation.Spearman,
    };

    /// <summary>Those that GLUE tells of a task.</summary>
    public static string[] Of(GlueTask task) => task.Name switch
    {
        "cola" => ["matthews", "accuracy"],
        "mrpc" or "qqp" => ["accuracy", "f1"],
        "sts-b" => OfScores,
        _ => ["accuracy"],
    };

    /// <summary>Measures predictions.</summary>
    public static IReadOnlyList<Measured> Measure(
        IReadOnlyList<string> names, IReadOnlyList<double> labels, IReadOnlyList<double> predictions)
    {
        var classification = new Lazy<Classification>(() => new(Whole(labels), Whole(predictions)));
        return [.. names.Select(name => new Measured(name, Value(name), labels.Count, "rows"))];

        double Value(string name) => scores.TryGetValue(name, out var of) ? of(labels, predictions) : classes[name](classification.Value);
        static int[] Whole(IReadOnlyList<double> numbers) => [.. numbers.Select(one => (int)one)];
    }
}
