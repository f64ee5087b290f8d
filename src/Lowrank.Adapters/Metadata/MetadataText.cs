using System.Globalization;
using System.Text.Json.Nodes;

namespace Lowrank.Adapters;

/// <summary>Values as kohya's metadata hold them: Python's <c>str()</c>, which its readers parse.</summary>
static class MetadataText
{
    /// <summary><c>str(value)</c>; of a <see cref="JsonNode"/> <c>json.dumps(value)</c>.</summary>
    public static string Of(object? value) => value switch
    {
        null => "None",
        bool flag => flag ? "True" : "False",
        JsonNode node => PythonJson.Write(node),
        double or float => PythonFloat.Text(Convert.ToDouble(value, CultureInfo.InvariantCulture)),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };
}
