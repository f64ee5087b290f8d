using System.Text.Json;

namespace Lowrank.Training;

/// <summary>Rows of prompts without answers: the model writes those.</summary>
static class PromptRows
{
    const string Prompt = "prompt";

    /// <summary>The prompts of a file: of each row its <c>prompt</c>, a text that is taken as it is, or messages; of a text file each
    /// line. Its other columns are for rewards.</summary>
    /// <param name="path">The file.</param>
    /// <param name="columns">Which column stands for the prompt, where it is another.</param>
    /// <param name="encoder">Makes ids.</param>
    /// <param name="room">The most tokens of a prompt, so that an answer has place behind it; null for any number.</param>
    /// <exception cref="LowrankException">No such file, a row without a prompt, or no prompt is left.</exception>
    public static PreparedPrompts Of(string path, IReadOnlyDictionary<string, string> columns, RowEncoder encoder, int? room)
    {
        string column = columns.GetValueOrDefault(Prompt, Prompt);
        var counter = new RowCounter();
        var prompts = new List<PromptRow>();
        var rows = ExampleFiles.ReadRows(path, Prompt);
        foreach (var row in rows)
        {
            var made = Made(row, column, encoder);
            string? reason = made.Ids.Count == 0 ? "its prompt is empty"
                : made.Ids.Count > room ? $"its prompt has more than {room} tokens, and leaves no place for an answer" : null;
            if (reason is not null)
            {
                counter.Drops(row.Place, reason);
                continue;
            }
            counter.Takes(made.Ids.Count, 1);
            prompts.Add(made);
        }
        counter.Require(rows.Count, room);
        return new(prompts, counter.Done(encoder, rows.Count) with { Counted = 0 });
    }

    static PromptRow Made(DataRow row, string column, RowEncoder encoder)
    {
        if (!row.Has(column))
            throw new LowrankException($"{row.Place} has no \"{column}\", and the model is to answer prompts. It has: " +
                $"{string.Join(", ", row.Json.EnumerateObject().Select(one => one.Name))}. columns: prompt=NAME takes another column.");
        var others = row.Json.EnumerateObject().Where(one => one.Name != column).ToDictionary(one => one.Name, one => TextOf(one.Value));
        var value = row.Json.GetProperty(column);
        if (value.ValueKind == JsonValueKind.String) return new(encoder.Text(value.GetString()!), value.GetString()!, others, row.Place);
        if (value.ValueKind != JsonValueKind.Array) return new([], "", others, row.Place);
        var messages = Conversation.Read(value).Messages;
        var rendered = encoder.Rendered(messages, new Example(row.Place), asks: true);
        return new(rendered.Encode(encoder.Tokenizer).Ids, rendered.Text, others, row.Place);
    }

    static string TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Null => "",
        _ => value.GetRawText(),
    };
}
