namespace Lowrank.Language;

/// <summary>Texts as they are, of which perplexity is measured.</summary>
/// <param name="texts">The texts with their numbers in the file.</param>
public sealed class TextData(IReadOnlyList<(int Number, string Text)> texts) : TextedData
{
    /// <summary>The texts.</summary>
    public IReadOnlyList<(int Number, string Text)> Texts => texts;

    /// <inheritdoc/>
    public override int Count => texts.Count;

    /// <inheritdoc/>
    public override EvaluationData First(int count) => new TextData([.. texts.Take(count)]) { Notes = Notes };

    /// <inheritdoc/>
    public override Evaluator For(LanguageModel model, EvaluationOptions options) => new TextEvaluator(this, model, options);

    /// <summary>The rows of a file: of JSON the texts of its field <c>text</c>, else a text a line.</summary>
    internal static TextData Read(DataFile file)
    {
        if (file.Rows is null) return new([.. file.Lines.Select(line => (line.Number, line.Text))]) { Notes = ToldLines(file) };
        int[] empty = [.. file.Rows.Where(row => !row.IsGiven("text") || row.Text("text").Length == 0).Select(row => row.Number)];
        var full = file.Rows.ExceptBy(empty, row => row.Number).Select(row => (row.Number, row.Text("text")));
        return new([.. full]) { Notes = [.. LeftOutRows.Told(empty, file.Rows.Count, "have no text")] };
    }

    static string[] ToldLines(DataFile file) =>
        file.Lines.Count < 2 ? [] : [$"Each of its {file.Lines.Count} lines is a text of its own. `whole` takes the file as one."];

    /// <summary>A file as one text.</summary>
    public static TextData Whole(DataFile file) => new([(1, file.Text)]);
}
