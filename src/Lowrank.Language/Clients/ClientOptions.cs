using Microsoft.Extensions.AI;
using AiOptions = Microsoft.Extensions.AI.ChatOptions;

namespace Lowrank.Language;

/// <summary>Options of <c>Microsoft.Extensions.AI</c> as options of a text.</summary>
static class ClientOptions
{
    /// <summary>The options.</summary>
    /// <param name="asked">What a call asks for; null for nothing.</param>
    /// <param name="usual">What is done where it does not say.</param>
    /// <param name="model">The model.</param>
    /// <param name="notes">Gets what is heeded less strictly than was asked.</param>
    /// <exception cref="LowrankException">It asks for what cannot be had here.</exception>
    public static GenerationOptions Of(AiOptions? asked, GenerationOptions usual, LanguageModel model, List<string> notes)
    {
        if (asked is null) return usual;
        Refuse(asked);
        return usual with
        {
            Sampling = Sampling(asked, usual.Sampling),
            Seed = asked.Seed ?? usual.Seed,
            Stops = asked.StopSequences is { Count: > 0 } stops ? [.. stops] : usual.Stops,
            Grammar = GrammarOf(asked.ResponseFormat, notes) ?? usual.Grammar,
            Adapter = AdapterOf(asked.ModelId, model) ?? usual.Adapter,
        };
    }

    static SamplingOptions Sampling(AiOptions asked, SamplingOptions usual)
    {
        bool filters = asked.TopP is not null || asked.TopK is not null;
        bool draws = asked.Temperature is { } temperature ? temperature > 0 : usual.Samples || filters;
        return usual with
        {
            Samples = draws,
            Temperature = asked.Temperature is > 0 and { } divisor ? divisor : usual.Temperature,
            TopP = asked.TopP ?? usual.TopP,
            TopK = asked.TopK ?? usual.TopK,
            FrequencyPenalty = asked.FrequencyPenalty ?? usual.FrequencyPenalty,
            PresencePenalty = asked.PresencePenalty ?? usual.PresencePenalty,
            MaxNewTokens = asked.MaxOutputTokens ?? usual.MaxNewTokens,
        };
    }

    static void Refuse(AiOptions asked)
    {
        (string Name, bool IsGiven)[] unknown =
        [
            (nameof(asked.Tools), asked.Tools is { Count: > 0 }),
            (nameof(asked.ToolMode), asked.ToolMode is RequiredChatToolMode),   // the others take an answer without a tool
            (nameof(asked.Reasoning), asked.Reasoning is not null),
            (nameof(asked.ConversationId), asked.ConversationId is not null),
            (nameof(asked.RawRepresentationFactory), asked.RawRepresentationFactory is not null),
            (nameof(asked.AdditionalProperties), asked.AdditionalProperties is { Count: > 0 }),
        ];
        var given = unknown.Where(one => one.IsGiven).Select(one => one.Name).ToList();
        if (given.Count > 0)
            throw new LowrankException($"{string.Join(" and ", given)} of a call cannot be heeded here. Leave them out.");
        if (asked.Temperature is < 0 and var temperature)
            throw new LowrankException($"the temperature is {PlainValue.Text(temperature)}; it is 0 (the likeliest) or more.");
    }

    static Grammar? GrammarOf(ChatResponseFormat? format, List<string> notes)
    {
        if (format is not ChatResponseFormatJson json) return null;
        if (json.Schema is not { } schema) return JsonSchemaGrammar.AnyJson();
        var held = JsonSchemaGrammar.Of(schema);
        notes.AddRange(held.Notes.Select(note => $"The schema's {note}."));
        return held.Grammar;
    }

    // As servers have it: the model's own name, or that of an adapter on it.
    static string? AdapterOf(string? name, LanguageModel model)
    {
        if (name is null) return null;
        if (model.Adapters.Contains(name)) return name;
        if (name == model.Location || name == NameOf(model.Location)) return "";
        string known = string.Join(", ", model.Adapters.Names.Prepend(model.Location));
        throw new LowrankException($"there is no model \"{name}\" here: there are {known}. An adapter is chosen by its name on the model.");
    }

    // A folder has no ending, whatever stands behind a point in its name: SmolLM2-1.7B.
    static string NameOf(string place) => File.Exists(place) ? Path.GetFileNameWithoutExtension(place)
        : Path.GetFileName(Path.TrimEndingDirectorySeparator(place));
}
