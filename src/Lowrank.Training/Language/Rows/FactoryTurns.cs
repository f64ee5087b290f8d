namespace Lowrank.Training;

/// <summary>Conversations as turns of ids, each piece of the template made tokens of apart.</summary>
/// <param name="encoder">The tokenizer and its end token.</param>
/// <param name="options">The template and the system's words.</param>
sealed class FactoryTurns(RowEncoder encoder, FactoryOptions options)
{
    readonly PieceTemplate template = PieceTemplates.Named(options.Template);

    /// <summary>The turns; null where questions and answers do not alternate, from a question to an answer.</summary>
    public List<FactoryTurn>? Of(IReadOnlyList<ChatMessage> messages)
    {
        bool hasSystem = messages.Count > 0 && messages[0].Role == "system";
        string told = hasSystem ? Text(messages[0]) : "";
        string system = told.Length > 0 ? told : options.DefaultSystem ?? template.DefaultSystem;
        var said = messages.Skip(hasSystem ? 1 : 0).ToList();
        if (said.Count == 0 || said.Count % 2 != 0 || said.Where((one, at) => IsAnswer(one) != (at % 2 == 1)).Any()) return null;
        var turns = new List<FactoryTurn>();
        foreach (var pair in said.Chunk(2))
        {
            var source = new List<int>();
            if (turns.Count == 0 && system.Length > 0) Add(source, template.System, system);
            Add(source, pair[0].Role == "tool" ? template.Observation : template.User, Text(pair[0]));
            var target = new List<int>();
            Add(target, template.Answer, Text(pair[1]));
            turns.Add(new(source, target));
        }
        return turns;
    }

    static bool IsAnswer(ChatMessage message) => message.Role == "assistant";

    void Add(List<int> ids, IReadOnlyList<string> pieces, string content)
    {
        foreach (string piece in pieces)
        {
            if (piece == PieceTemplate.End) ids.Add(encoder.Tokens.End);
            else ids.AddRange(Piece(piece, content));
        }
    }

    // What a message says is text, whatever it looks like: only the template writes control tokens.
    IReadOnlyList<int> Piece(string piece, string content)
    {
        int at = piece.IndexOf(PieceTemplate.Content, StringComparison.Ordinal);
        if (at < 0) return encoder.BareText(piece);
        string text = piece[..at] + content + piece[(at + PieceTemplate.Content.Length)..];
        return encoder.Tokenizer.Encode(text, [new TextSpan(at, at + content.Length)], addSpecials: false).Ids;
    }

    string Text(ChatMessage message)
    {
        if (message.ToolCalls.Count == 0) return message.Content ?? "";
        return string.Join('\n', message.ToolCalls.Select(Call));
    }

    string Call(object? call)
    {
        object? function = (call as IReadOnlyDictionary<string, object?>)?.GetValueOrDefault("function") ?? call;
        if (template.CallsAreMarked) return $"<tool_call>\n{PythonJson.Write(function)}\n</tool_call>";
        var fields = function as IReadOnlyDictionary<string, object?>;
        return $"Action: {fields?.GetValueOrDefault("name")}\nAction Input: {PythonJson.Write(fields?.GetValueOrDefault("arguments"))}";
    }
}
