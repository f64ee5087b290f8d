using System.Text.Json;

namespace Lowrank.Language;

/// <summary>Reads rows of prompts and answers in their usual layouts.</summary>
static class AnswerRows
{
    static readonly string[] prompts = ["prompt", "question"], answers = ["answer", "completion", "response", "output"];

    /// <summary>What its files hold, as it is told.</summary>
    public const string Needs = "messages; instruction and output; or prompt (question) with answer (completion, response, output)";

    /// <summary>Whether a file looks like one of such rows.</summary>
    public static bool Fit(DataFile file) => file.Rows is { } rows && (
        rows[0].Has("messages") || rows[0].Has("instruction") || prompts.Any(rows[0].Has) && rows.Any(row => answers.Any(row.Has)));

    /// <summary>The rows of a file that have an answer; the others are told.</summary>
    /// <exception cref="LowrankException">None has, or a row is of another layout.</exception>
    public static AnswerData Read(DataFile file)
    {
        var given = file.Rows!;
        int changed = 0;
        var rows = new List<AnswerRow>();
        List<int> empty = [];
        foreach (var row in given)
        {
            if (row.Within(() => Of(row)) is not { } read)
            {
                empty.Add(row.Number);
                continue;
            }
            rows.Add(read with { Place = row.Place, Turns = read.Turns.WithParsedArguments(out int count) });
            changed += count;
        }
        if (rows.Count == 0) throw new LowrankException($"{file.Path}: none of {given.Count} rows has an answer.");
        string[] parsed = changed == 0 ? [] : [$"Arguments of {changed} calls stand as text and are read as the JSON that they hold."];
        return new(rows) { Notes = [.. LeftOutRows.Told(empty, given.Count, "have no answer"), .. parsed] };
    }

    static AnswerRow? Of(DataRow row)
    {
        if (row.Has("messages")) return OfMessages(row);
        if (row.Has("instruction")) return OfInstruction(row);
        string prompt = prompts.FirstOrDefault(row.Has) ?? prompts[0];
        if (answers.FirstOrDefault(row.IsGiven) is not { } field) return null;
        if (row.Json.TryGetProperty(prompt, out var turns) && turns.ValueKind == JsonValueKind.Array) return OfTurns(row, turns, field);
        string answer = row.Text(field), asked = row.Text(prompt);
        return answer.Length == 0 ? null : new(row.Number, Turns(asked, answer), asked);
    }

    static AnswerRow? OfMessages(DataRow row)
    {
        var turns = Conversation.Read(row.Json);
        return Answers(turns) ? new(row.Number, turns, null) : null;
    }

    static AnswerRow? OfTurns(DataRow row, JsonElement prompt, string field)
    {
        var before = Conversation.Read(prompt);
        var behind = row.List(field).EnumerateArray().Select(ChatMessage.Read);
        var turns = before with { Messages = [.. before.Messages, .. behind] };
        return Answers(turns) ? new(row.Number, turns, null) : null;
    }

    static bool Answers(Conversation turns) =>
        turns.Messages is [.., { Role: "assistant" } last] && (last.Content is { Length: > 0 } || last.ToolCalls.Count > 0
            || last.Fields.GetValueOrDefault("content") is IReadOnlyList<object?> { Count: > 0 });

    static AnswerRow? OfInstruction(DataRow row)
    {
        string instruction = row.Text("instruction");
        string input = row.IsGiven("input") ? row.Text("input") : "";
        if (answers.FirstOrDefault(row.IsGiven) is not { } field || row.Text(field) is not { Length: > 0 } answer) return null;
        string asked = input.Length == 0 ? instruction : $"{instruction}\n{input}";
        return new(row.Number, Turns(asked, answer), AlpacaPrompt.Of(instruction, input));
    }

    static Conversation Turns(string prompt, string answer) => new([new("user", prompt), new("assistant", answer)]);
}
