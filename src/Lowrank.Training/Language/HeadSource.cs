namespace Lowrank.Training;

/// <summary>Files of rows with labels.</summary>
/// <param name="Path">The file.</param>
/// <param name="Examples">Its rows.</param>
/// <param name="Task">The task of GLUE that it is of; null for none.</param>
sealed record HeadSource(string Path, ExampleRows Examples, GlueTask? Task)
{
    /// <summary>Reads one: as a task of GLUE where that is told, or seen by its columns.</summary>
    /// <exception cref="LowrankException">No such file, rows of no known layout, or of one that the objective does not take.</exception>
    public static HeadSource Read(string path, LanguageSection section, HeadAim aim)
    {
        var task = TaskOf(path, section, aim);
        var options = new ExampleOptions { Columns = ExampleOptions.ReadColumns(section.Columns) };
        var examples = ExampleFiles.Read(path, options, task);
        if (examples.Layout == LayoutOf(aim)) return new(path, examples, task);
        throw new LowrankException($"{path} has rows of the layout {examples.Layout}, and the objective {section.Objective} learns from " +
            $"{Wanted(aim)}. Which column is which can be told, as in text=sentence,label=intent.");
    }

    static GlueTask? TaskOf(string path, LanguageSection section, HeadAim aim)
    {
        if (section.Task.Length > 0) return GlueTasks.Named(section.Task);
        bool isTable = System.IO.Path.GetExtension(path).Equals(".tsv", StringComparison.OrdinalIgnoreCase);
        bool mayBe = isTable && section.Columns.Length == 0 && aim is HeadAim.Class or HeadAim.Number;
        if (!mayBe || !isTable) return null;
        var file = DataFile.Read(path);
        return GlueTasks.All.FirstOrDefault(task => task.Fits(file));
    }

    static ExampleLayout LayoutOf(HeadAim aim) => aim switch
    {
        HeadAim.Tokens => ExampleLayout.Tagged,
        HeadAim.Span => ExampleLayout.Question,
        HeadAim.Reward => ExampleLayout.Preference,
        _ => ExampleLayout.Labelled,
    };

    static string Wanted(HeadAim aim) => aim switch
    {
        HeadAim.Tokens => "tokens (words) and tags (a label of each)",
        HeadAim.Span => "question, context and answers",
        HeadAim.Reward => "chosen and rejected answers",
        _ => "text, perhaps text2, and label",
    };

    /// <summary>The labels that stand in it.</summary>
    public IEnumerable<string> Labels(HeadAim aim) => aim switch
    {
        HeadAim.Tokens => Examples.Examples.SelectMany(example => example.Tagged!.Tags),
        HeadAim.Several => Examples.Examples.SelectMany(example => HeadLabels.Several(example.Labelled!.Label)),
        _ => Examples.Examples.Select(example => example.Labelled!.Label),
    };
}
