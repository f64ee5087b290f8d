using System.Text.Json;
using Lowrank.Testing;

namespace Goldens;

/// <summary>The files beside the groups of <c>a1111</c>, and its values as Python had them.</summary>
static class A1111Files
{
    /// <summary>A file that a case names relative to the folder that holds its group.</summary>
    public static string Of(GoldenCase c, string path) => Path.Combine(Path.GetDirectoryName(c.Group.Folder)!, path);

    /// <summary>Asserts that a value is the one of the JSON, a whole number no float and no text.</summary>
    public static void AssertSame(JsonElement want, object? got)
    {
        switch (got)
        {
            case null: Assert.Equal(JsonValueKind.Null, want.ValueKind); break;
            case IReadOnlyDictionary<string, object> values:
                Assert.Equal(want.EnumerateObject().Select(field => field.Name).Order(StringComparer.Ordinal), values.Keys.Order(StringComparer.Ordinal));
                foreach (var field in want.EnumerateObject()) AssertSame(field.Value, values[field.Name]);
                break;
            case IEnumerable<string> names: Assert.Equal(want.EnumerateArray().Select(one => one.GetString()), names); break;
            case string text: Assert.Equal((JsonValueKind.String, text), (want.ValueKind, want.ToString())); break;
            case bool isSo: Assert.Equal(isSo ? JsonValueKind.True : JsonValueKind.False, want.ValueKind); break;
            case long whole: Assert.Equal(whole.ToString(System.Globalization.CultureInfo.InvariantCulture), want.GetRawText()); break;
            case double number:
                Assert.Contains(want.GetRawText(), text => text is '.' or 'e');
                Assert.Equal(number, want.GetDouble());
                break;
            default: Assert.Fail($"a value of {got.GetType()}"); break;
        }
    }
}
