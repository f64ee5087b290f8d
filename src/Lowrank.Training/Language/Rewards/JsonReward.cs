using System.Text.Json;

namespace Lowrank.Training;

/// <summary>1 for an answer that is JSON and nothing else, of a schema where one is given, and 0 for any other.</summary>
/// <remarks>A schema holds answers as it does those that are written: an object's properties stand in the schema's order.</remarks>
public sealed class JsonReward : IReward
{
    readonly Grammar? grammar;

    /// <summary>A reward.</summary>
    /// <param name="schema">A JSON schema; null: any JSON.</param>
    /// <exception cref="LowrankException">The schema has what answers cannot be held to.</exception>
    public JsonReward(JsonElement? schema = null)
    {
        if (schema is not { } given) return;
        var read = JsonSchemaGrammar.Of(given);
        (grammar, Notes) = (read.Grammar, read.Notes);
    }

    /// <inheritdoc/>
    public string Name => "json";

    /// <summary>What of the schema answers are not held to.</summary>
    public IReadOnlyList<string> Notes { get; } = [];

    /// <inheritdoc/>
    public IReadOnlyList<double?> Of(IReadOnlyList<RewardedAnswer> answers) =>
        [.. answers.Select(answer => (double?)(IsRight(answer.Answer.Trim()) ? 1 : 0))];

    bool IsRight(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
        }
        catch (JsonException)
        {
            return false;
        }
        return grammar is null || grammar.Holds(text);
    }
}
