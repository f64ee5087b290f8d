using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Lowrank.Language;

namespace Lowrank.Workbench;

/// <summary>What models made of each row, written as lines of JSON.</summary>
sealed class EvaluatedRows
{
    static readonly JsonSerializerOptions spelling = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    readonly List<(string Model, EvaluatedRow Row)> rows = [];

    /// <summary>Adds those of a model.</summary>
    public void Add(string model, IEnumerable<EvaluatedRow> more) => rows.AddRange(more.Select(row => (model, row)));

    /// <summary>Writes the file, whole or not at all.</summary>
    /// <exception cref="LowrankException">It cannot be written.</exception>
    public void Write(string path) => AtomicFile.Write(path, stream =>
    {
        using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
        foreach (var (model, row) in rows) writer.WriteLine(JsonSerializer.Serialize(
            new { model, row.Row, row.Input, row.Answer, row.References, row.Values }, spelling));
    });
}
