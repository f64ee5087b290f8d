namespace Lowrank.Language;

/// <summary>The tasks that are known; a file's is the first that fits.</summary>
public static class EvaluationTasks
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<EvaluationTask> All { get; } =
    [
        new("pairs", "how often the better of two texts has the higher probability",
            "sentence_good and sentence_bad, or chosen and rejected",
            file => file.HasFields("sentence_good", "sentence_bad") || file.HasFields("chosen", "rejected"), PairRows.Read),
        new("e2e", "restaurants put into words, by E2E's scripts", "mr and refs, or lines of facts||text", IsE2e, FactData.ReadE2e),
        new("webnlg", "facts put into words, by the LoRA repository's scripts", "entries",
            file => file.HasFields("entries"), FactData.ReadWebNlg),
        new("dart", "facts put into words, by the LoRA repository's scripts", "tripleset and annotations",
            file => file.HasFields("tripleset", "annotations"), FactData.ReadDart),
        .. GlueTasks.All.Select(OfGlue),
        new("labels", "classes or scores of texts", "label with text, sentence, sentence1 and sentence2, premise and hypothesis",
            LabelData.Fits, LabelData.Read),
        new("answers", "how well answers are foretold, and written", AnswerRows.Needs, AnswerRows.Fit, AnswerRows.Read),
        new("perplexity", "how well texts are foretold", "lines of text, or objects with text",
            file => file.Rows is null || file.HasFields("text"), TextData.Read),
    ];

    static EvaluationTask OfGlue(GlueTask task) => new(task.Name, $"GLUE's {task.Name}", $"{task.Name}'s columns between tabs", task.Fits,
        file => LabelData.OfGlue(task, file));

    static bool IsE2e(DataFile file) => file.HasFields("mr", "refs")
        || file.Lines.Count > 0 && file.Lines.All(line => line.Text.Contains(E2eData.Between, StringComparison.Ordinal));

    /// <summary>The task of a name.</summary>
    /// <exception cref="LowrankException">There is none.</exception>
    public static EvaluationTask Named(string name) => All.FirstOrDefault(task => task.Name == name)
        ?? throw new LowrankException($"there is no task \"{name}\". Known are: {string.Join(", ", All.Select(task => task.Name))}.");

    /// <summary>The task that a file looks made for.</summary>
    /// <exception cref="LowrankException">It looks like none; what each needs is told.</exception>
    public static EvaluationTask Of(DataFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        var found = All.FirstOrDefault(task => task.Fits(file));
        bool isTable = found is { Name: "perplexity" } && file.Columns > 0;   // columns are hardly texts
        if (found is not null && !isTable) return found;
        throw new LowrankException(
            $"{file.Path} holds {file.Told}, and no task is made for that. Known are: {Known}.");
    }

    static string Known
    {
        get
        {
            var glue = GlueTasks.All.Select(task => task.Name).ToHashSet();
            var others = All.Where(task => !glue.Contains(task.Name)).Select(task => $"{task.Name} ({task.Needs})");
            return $"{string.Join("; ", others)}; and GLUE's, by their columns: {string.Join(", ", glue)}";
        }
    }
}
