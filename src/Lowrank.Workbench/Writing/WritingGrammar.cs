using System.Text.Json;
using Lowrank.Language;

namespace Lowrank.Workbench;

/// <summary>The grammar that texts are held to, from a file or from a schema.</summary>
static class WritingGrammar
{
    /// <summary>The grammar; null where none is given.</summary>
    /// <param name="grammar">A file with a grammar (GBNF).</param>
    /// <param name="schema">A file with a JSON schema, or the schema.</param>
    /// <param name="run">Told what is held less strictly.</param>
    /// <exception cref="LowrankException">A file is missing, or what it holds is not understood.</exception>
    public static Grammar? Of(string? grammar, string? schema, JobRun run)
    {
        if (grammar is not null) return In(grammar, () => GbnfParser.Parse(TextOf(grammar, "grammar")));
        if (schema is null) return null;
        bool isText = schema.AsSpan().TrimStart().StartsWith("{") || schema.Trim() is "true" or "false" && !Path.Exists(schema);
        var held = In(isText ? "the schema" : schema, () => JsonSchemaGrammar.Of(Parsed(isText ? schema : TextOf(schema, "schema"))));
        foreach (string note in held.Notes) run.Say($"The schema's {note}.");
        return held.Grammar;
    }

    static string TextOf(string path, string field) => Path.Exists(path)
        ? TextFile.Read(path)
        : throw new LowrankException($"{path} does not exist{NearestFiles.Told(path)}. It was given by `{field}`.");

    static JsonElement Parsed(string text)
    {
        try
        {
            using var document = StrictJson.Parse(text);
            return document.RootElement.Clone();
        }
        catch (JsonException error)
        {
            throw new LowrankException($"is no JSON: {JsonFault.Of(error)}", error);
        }
    }

    static T In<T>(string place, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (LowrankException error) when (!error.Message.Contains(place, StringComparison.Ordinal))
        {
            throw new LowrankException($"{place}: {error.Message}", error);
        }
    }
}
