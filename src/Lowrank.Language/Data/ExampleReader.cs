using System.Globalization;
using System.Text.Json;

namespace Lowrank.Language;

/// <summary>Rows of one layout as examples.</summary>
sealed class ExampleReader(ExampleLayout layout, ExampleOptions options)
{
    /// <summary>The examples of a row; several where it has several answers.</summary>
    /// <param name="row">The row.</param>
    /// <param name="skipped">Why it is not taken; null where it is.</param>
    /// <exception cref="LowrankException">A field is missing that is no answer, or is of another kind.</exception>
    public IReadOnlyList<Example> Read(DataRow row, out string? skipped)
    {
        IReadOnlyList<Example> read = layout switch
        {
            ExampleLayout.Text => [new(row.Place) { Whole = Answer(row, "text") }],
            ExampleLayout.PromptCompletion => Completions(row),
            ExampleLayout.Messages => [new(row.Place) { Whole = Answer(row, "messages") }],
            ExampleLayout.Alpaca => [Instruction(row)],
            ExampleLayout.ShareGpt => [Conversation(row)],
            ExampleLayout.Preference => [Preference(row)],
            ExampleLayout.Unpaired => [Unpaired(row)],
            ExampleLayout.Labelled => [Labelled(row)],
            ExampleLayout.Tagged => [LabelledWords.Of(row, Column("tokens"), Column("tags"))],
            ExampleLayout.Question => LabelledWords.Asked(row, Column("question"), Column("context"), Column("answers")),
            _ => [Tokens(row)],
        };
        skipped = read.Count == 0 ? NoAnswer : read.Select(Missing).FirstOrDefault(reason => reason is not null);
        return skipped is null ? [.. read.Select(example => WithTools(row, example))] : [];
    }

    const string NoAnswer = "it has no answer";

    string? Missing(Example example) => layout switch
    {
        ExampleLayout.Text => IsMissing(example.Whole) ? "it has no text" : null,
        ExampleLayout.Messages or ExampleLayout.ShareGpt => HasAnswer(example.Whole) ? null : NoAnswer,
        ExampleLayout.PromptCompletion or ExampleLayout.Alpaca or ExampleLayout.Unpaired => IsMissing(example.Completion) ? NoAnswer : null,
        ExampleLayout.Preference when IsMissing(example.Chosen) => "it has no chosen answer",
        ExampleLayout.Preference when IsMissing(example.Rejected) => "it has no rejected answer",
        _ => null,
    };

    bool IsMissing(Said? said) => said is null || (said.IsEmpty && !options.KeepsEmptyAnswers);

    // The last answer must say something, or there is nothing to learn; a thing that was asked last may stay without one.
    static bool HasAnswer(Said? said)
    {
        var answers = said?.Messages?.Where(message => IsAnswer(message.Role)).ToList();
        return answers is { Count: > 0 } && Said.IsSaid(answers[^1]);
    }

    static bool IsAnswer(string? role) => role is "assistant" or "gpt" or "model" or "function_call";

    string Column(string field) => ExampleFields.Column(options, field);

    // A text or messages; null where there is none.
    Said? Answer(DataRow row, string field)
    {
        string column = Column(field);
        if (!row.IsGiven(column)) return null;
        var value = row.Json.GetProperty(column);
        return value.ValueKind switch
        {
            JsonValueKind.String => Said.Of(value.GetString()!),
            JsonValueKind.Array => Said.Of(Messages(row, column, value)),
            JsonValueKind.Object => Said.Of([Message(row, column, value)]),
            _ => throw new LowrankException($"{row.Place}: \"{column}\" is {DataRow.Kind(value)}, and a text or messages are wanted."),
        };
    }

    Said Asked(DataRow row, string field)
    {
        if (Answer(row, field) is { } said) return said;
        string column = Column(field);
        if (row.Has(column)) throw new LowrankException($"{row.Place}: \"{column}\" is null, and a text or messages are wanted.");
        row.Text(column);
        return Said.Of("");
    }

    List<ChatMessage> Messages(DataRow row, string column, JsonElement list)
    {
        var messages = new List<ChatMessage>();
        foreach (var one in list.EnumerateArray()) messages.Add(Message(row, column, one));
        return messages;
    }

    ChatMessage Message(DataRow row, string column, JsonElement one)
    {
        bool isFromValue = one.ValueKind == JsonValueKind.Object && one.TryGetProperty("from", out _) && one.TryGetProperty("value", out _);
        if (isFromValue) return ShareGptRoles.Message(one, options.KeepsRoles);
        if (one.ValueKind == JsonValueKind.Object && one.TryGetProperty("role", out _)) return ChatMessage.Read(one);
        throw new LowrankException($"{row.Place}: \"{column}\" has {DataRow.Kind(one)} that is no message. A message is an object with " +
            "role and content, or with from and value.");
    }

    IReadOnlyList<Example> Completions(DataRow row)
    {
        var prompt = Asked(row, "prompt");
        string column = Column("completion");
        bool isTexts = row.IsGiven(column) && row.Json.GetProperty(column) is { ValueKind: JsonValueKind.Array } list
            && list.EnumerateArray().All(one => one.ValueKind == JsonValueKind.String);
        if (isTexts) return [.. row.Texts(column).Select(text => Pair(row, prompt, Said.Of(text)))];
        return [Pair(row, prompt, Answer(row, "completion"))];
    }

    static Example Pair(DataRow row, Said prompt, Said? completion)
    {
        OfOneKind(row, prompt, completion);
        return new(row.Place) { Prompt = prompt, Completion = completion };
    }

    static void OfOneKind(DataRow row, Said? prompt, Said? answer)
    {
        bool differ = prompt is not null && answer is not null && prompt.Messages is null != answer.Messages is null;
        if (!differ) return;
        string first = prompt!.Messages is null ? "a text" : "messages", second = answer!.Messages is null ? "a text" : "messages";
        throw new LowrankException($"{row.Place}: the prompt is {first} and the answer is {second}. " +
            "Write both as texts, or both as messages.");
    }

    Example Instruction(DataRow row)
    {
        string instruction = row.Text(Column("instruction")), input = OptionalText(row, "input") ?? "";
        string? system = OptionalText(row, "system");
        var answer = Answer(row, "output");
        bool? isGood = row.IsGiven(Column("label")) ? Good(row) : null;
        if (!options.InstructionsAsChat)
            return new(row.Place) { Prompt = Said.Of(AlpacaText(system, instruction, input)), Completion = answer, IsGood = isGood };
        var messages = new List<ChatMessage>();
        if (!string.IsNullOrEmpty(system)) messages.Add(new("system", system));
        foreach (var (asked, answered) in History(row)) messages.AddRange([new("user", asked), new("assistant", answered)]);
        string[] parts = [instruction, input];
        messages.Add(new("user", string.Join('\n', parts.Where(part => part.Length > 0))));
        var said = answer?.Text is { } text ? Said.Of([new("assistant", text)]) : answer;
        return new(row.Place) { Prompt = Said.Of(messages), Completion = said, IsGood = isGood };
    }

    static string AlpacaText(string? system, string instruction, string input)
    {
        string text = AlpacaPrompt.Of(instruction, input);
        return string.IsNullOrEmpty(system) ? text : $"{system}\n\n{text}";
    }

    IEnumerable<(string Asked, string Answered)> History(DataRow row)
    {
        string column = Column("history");
        if (!row.IsGiven(column)) yield break;
        foreach (var pair in row.List(column).EnumerateArray())
        {
            bool isPair = pair.ValueKind == JsonValueKind.Array && pair.GetArrayLength() == 2
                && pair.EnumerateArray().All(one => one.ValueKind == JsonValueKind.String);
            if (!isPair) throw new LowrankException($"{row.Place}: \"{column}\" has an element that is no pair of question and answer.");
            yield return (pair[0].GetString()!, pair[1].GetString()!);
        }
    }

    Example Conversation(DataRow row)
    {
        var said = Answer(row, "conversations");
        string? system = OptionalText(row, "system");
        bool begins = said?.Messages is { Count: > 0 } messages && messages[0].Role == "system";
        if (!string.IsNullOrEmpty(system) && said is not null && !begins) said = Said.Of([new("system", system)]).Then(said);
        return new(row.Place) { Whole = said };
    }

    Example Preference(DataRow row)
    {
        var prompt = Answer(row, "prompt") ?? Answer(row, "conversations");
        var (chosen, rejected) = (Answer(row, "chosen"), Answer(row, "rejected"));
        OfOneKind(row, prompt, chosen);
        OfOneKind(row, chosen, rejected);
        return new(row.Place) { Prompt = prompt, Chosen = chosen, Rejected = rejected, Margin = Number(row, "margin") };
    }

    Example Unpaired(DataRow row)
    {
        var prompt = Asked(row, "prompt");
        var completion = Answer(row, "completion");
        OfOneKind(row, prompt, completion);
        return new(row.Place) { Prompt = prompt, Completion = completion, IsGood = Good(row) };
    }

    bool Good(DataRow row)
    {
        string column = Column("label");
        if (!row.Has(column)) row.Text(column);
        var value = row.Json.GetProperty(column);
        return value.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.Number when value.TryGetInt32(out int number) && number is 0 or 1 => value.GetInt32() == 1,
            JsonValueKind.String when bool.TryParse(value.GetString(), out bool said) => said,
            _ => throw new LowrankException(
                $"{row.Place}: \"{column}\" is {value.GetRawText()}, and true (a good answer) or false is wanted."),
        };
    }

    Example Labelled(DataRow row)
    {
        string column = Column("label");
        if (!row.Has(column)) row.Text(column);
        var value = row.Json.GetProperty(column);
        string label = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
        return new(row.Place) { Labelled = new(row.Text(Column("text")), OptionalText(row, "text2"), label) };
    }

    Example Tokens(DataRow row) => new(row.Place)
    {
        Ids = Numbers(row, "input_ids"),
        Labels = row.IsGiven(Column("labels")) ? Numbers(row, "labels") : null,
        AnswerMask = row.IsGiven(Column("completion_mask")) ? Numbers(row, "completion_mask") : null,
    };

    List<int> Numbers(DataRow row, string field)
    {
        var numbers = new List<int>();
        foreach (var one in row.List(Column(field)).EnumerateArray())
            if (one.ValueKind == JsonValueKind.Number && one.TryGetInt32(out int number)) numbers.Add(number);
            else throw new LowrankException($"{row.Place}: \"{Column(field)}\" has {one.GetRawText()}, and whole numbers are wanted.");
        return numbers;
    }

    string? OptionalText(DataRow row, string field) => row.IsGiven(Column(field)) ? row.Text(Column(field)) : null;

    double? Number(DataRow row, string field)
    {
        string column = Column(field);
        if (!row.IsGiven(column)) return null;
        var value = row.Json.GetProperty(column);
        if (value.ValueKind == JsonValueKind.Number) return value.GetDouble();
        string text = value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)) return number;
        throw new LowrankException($"{row.Place}: \"{column}\" is {DataRow.Kind(value)}, and a number is wanted.");
    }

    Example WithTools(DataRow row, Example example) => example with
    {
        Tools = Tools(row),
        Variables = row.IsGiven(Column("chat_template_kwargs"))
            ? PythonJson.Of(Parsed(row, "chat_template_kwargs")) as IReadOnlyDictionary<string, object?>
                ?? throw new LowrankException($"{row.Place}: \"{Column("chat_template_kwargs")}\" is no object of named values.")
            : new Dictionary<string, object?>(),
    };

    IReadOnlyList<object?>? Tools(DataRow row)
    {
        string column = Column("tools");
        if (!row.IsGiven(column)) return null;
        var given = row.Json.GetProperty(column);
        if (given.ValueKind == JsonValueKind.String && string.IsNullOrWhiteSpace(given.GetString())) return null;
        return PythonJson.Of(Parsed(row, "tools")) as IReadOnlyList<object?>
            ?? throw new LowrankException($"{row.Place}: \"{column}\" is no list of tools.");
    }

    // Servers and tables give JSON as a text.
    JsonElement Parsed(DataRow row, string field)
    {
        var value = row.Json.GetProperty(Column(field));
        if (value.ValueKind != JsonValueKind.String) return value;
        try
        {
            using var document = JsonDocument.Parse(value.GetString()!);
            return document.RootElement.Clone();
        }
        catch (JsonException error)
        {
            throw new LowrankException($"{row.Place}: \"{Column(field)}\" is a text that is no JSON: {JsonFault.Of(error)}", error);
        }
    }
}
