namespace Lowrank.Language;

/// <summary>The measures of labels by their names.</summary>
public static class LabelMeasures
{
    /// <summary>Those of classes, where the task names none.</summary>
    public static IReadOnlyList<string> OfClasses { get; } = ["accuracy", "macro f1"];

    /// <summary>Those of scores.</summary>
    public static IReadOnlyList<string> OfScores { get; } = ["pearson", "spearman"];

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
    public static IReadOnlyList<string> Of(GlueTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        return task.Name switch
        {
            "cola" => ["matthews", "accuracy"],
            "mrpc" or "qqp" => ["accuracy", "f1"],
            "sts-b" => OfScores,
            _ => ["accuracy"],
        };
    }

    /// <summary>Measures predictions.</summary>
    /// <param name="names">Names of the measures.</param>
    /// <param name="labels">What is right: numbers of classes, or scores.</param>
    /// <param name="predictions">What was said.</param>
    public static IReadOnlyList<Measured> Measure(
        IReadOnlyList<string> names, IReadOnlyList<double> labels, IReadOnlyList<double> predictions)
    {
        ArgumentNullException.ThrowIfNull(names);
        ArgumentNullException.ThrowIfNull(labels);
        var classification = new Lazy<Classification>(() => new(Whole(labels), Whole(predictions)));
        return [.. names.Select(name => new Measured(name, Value(name), labels.Count, "rows"))];

        double Value(string name) => scores.TryGetValue(name, out var of) ? of(labels, predictions) : classes[name](classification.Value);
        static int[] Whole(IReadOnlyList<double> numbers) => [.. numbers.Select(one => (int)one)];
    }
}
