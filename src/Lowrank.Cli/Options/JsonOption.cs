using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;

namespace Lowrank.Cli;

/// <summary>The option that asks for a report as JSON rather than drawn.</summary>
sealed class JsonOption : Option<bool>
{
    static readonly JsonSerializerOptions spelling = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,   // for terminals and files, not for web pages
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <param name="description">What is printed.</param>
    public JsonOption(string description) : base("--json") => Description = description;

    /// <summary>Prints a report on stdout: as indented JSON with names in snake_case where that was asked for, else drawn.</summary>
    public void Show<T>(ParseResult result, T report, Action<T, IAnsiConsole> draw)
    {
        if (result.GetValue(this)) Console.WriteLine(JsonSerializer.Serialize(report, spelling));
        else draw(report, Terminal.Results);
    }
}
