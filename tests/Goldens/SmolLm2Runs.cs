using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Lowrank.Language;
using Lowrank.Testing;

namespace Goldens;

/// <summary>The rows that the goldens of the real small model's runs are about.</summary>
static class SmolLm2Runs
{
    public const string Group = "language/smollm2-runs";

    /// <summary>Whether they are there.</summary>
    public static bool AreThere => SmolLm2.Group(Group) is not null;

    /// <summary>The runs of a kind: "perplexity", "pairs", "e2e".</summary>
    public static JsonElement Of(string kind) => SmolLm2.Group(Group)!.Value.GetProperty(kind);

    /// <summary>A file of a data set: beside the goldens, or the repository's copy.</summary>
    public static string Data(string name)
    {
        string beside = Path.Combine(GoldenFolder.Root, "..", "datasets", name);
        return File.Exists(beside) ? beside : Path.Combine(GoldenFolder.Repository, "tests", "Goldens", "data", "language", "datasets", name);
    }

    /// <summary>The text of a case of perplexity, made as it says.</summary>
    public static string Text(JsonElement one)
    {
        var told = Regex.Match(one.GetProperty("how").GetString()!, @"^(\S+) rows (\d+)\.\.(\d+)");
        string name = told.Groups[1].Value;
        int first = int.Parse(told.Groups[2].Value), last = int.Parse(told.Groups[3].Value);
        var rows = JsonRows.Read(Data($"instructions/{name}.jsonl"))[first..(last + 1)];
        string text = string.Join("\n\n", rows.Select(row => name == "alpaca" ? Instruction(row) : Conversation(row)));
        Assert.Equal(one.GetProperty("sha256_of_text").GetString(), Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))));
        return text;
    }

    static string Conversation(DataRow row) => string.Join('\n', Lowrank.Language.Conversation.Read(row.Json).Messages.Select(message => message.Content));

    static string Instruction(DataRow row)
    {
        string input = row.Text("input");
        return row.Text("instruction") + "\n" + (input.Length > 0 ? input + "\n" : "") + row.Text("output");
    }
}
