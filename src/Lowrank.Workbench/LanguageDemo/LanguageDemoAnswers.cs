using System.Text.Json;

namespace Lowrank.Workbench;

/// <summary>What models wrote of rows, read from the file of a measurement.</summary>
static class LanguageDemoAnswers
{
    /// <summary>Each model's answers, by the rows' numbers from 1.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyDictionary<int, string>> Read(string path)
    {
        var answers = new Dictionary<string, IReadOnlyDictionary<int, string>>();
        foreach (var group in File.ReadLines(path).Select(Of).GroupBy(one => one.Model))
            answers[group.Key] = group.ToDictionary(one => one.Row, one => one.Answer);
        return answers;
    }

    static (string Model, int Row, string Answer) Of(string line)
    {
        using var read = JsonDocument.Parse(line);
        var row = read.RootElement;
        return (row.GetProperty("model").GetString()!, row.GetProperty("row").GetInt32(), row.GetProperty("answer").GetString()!);
    }
}
