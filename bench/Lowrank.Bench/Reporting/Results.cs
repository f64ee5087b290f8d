using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Lowrank.Bench;

/// <summary>All that a run of the bench found, as its file holds it.</summary>
/// <param name="Machine">Where and when.</param>
/// <param name="Rows">The table.</param>
/// <param name="Curves">The charts.</param>
sealed record Results(Machine Machine, List<Row> Rows, List<Curve> Curves)
{
    static readonly JsonSerializerOptions options = new()
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public string ToJson() => JsonSerializer.Serialize(this, options);

    /// <exception cref="LowrankException">It is not what <see cref="ToJson"/> writes.</exception>
    public static Results FromJson(string json) =>
        JsonSerializer.Deserialize<Results>(json, options) ?? throw new LowrankException("the file holds no results of the bench");
}
