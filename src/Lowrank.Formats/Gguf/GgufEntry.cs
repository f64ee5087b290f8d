using System.Globalization;

namespace Lowrank.Formats;

/// <summary>One key of a GGUF file's metadata with its value.</summary>
/// <param name="Key">The key: "llama.block_count".</param>
/// <param name="Value">A number of the type's own width, a bool, a string or a <see cref="GgufArray"/>.</param>
public sealed record GgufEntry(string Key, object Value)
{
    // Longer ones are told by their count.
    const int MostShown = 16;

    /// <summary>The value's type.</summary>
    /// <exception cref="LowrankException">No type of GGUF holds it.</exception>
    public GgufType Type => GgufTypes.Of(Value);

    /// <summary>The type as a word: "u32", "array[string]".</summary>
    public string TypeWord => Value is GgufArray array ? $"array[{array.Word}]" : Type.Word();

    /// <summary>The value for people; a long array by its type and count.</summary>
    public string Shown => Value switch
    {
        GgufArray array => Show(array),
        bool flag => flag ? "true" : "false",
        var value => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    /// <summary>Whether another has the same value, of the same type.</summary>
    internal bool SaysAs(GgufEntry other) =>
        Value is GgufArray own && other.Value is GgufArray others ? own.Holds(others) : Value.Equals(other.Value);

    static string Show(GgufArray array)
    {
        if (array.Count > MostShown || array.ElementType == GgufType.Array) return $"{array.Count} of {array.Word}";
        var shown = array.ElementType == GgufType.Text
            ? array.Texts().Select(text => JsonString.Append(new(), text, asciiOnly: false).ToString())
            : array.Floats().Select(number => number.ToString(CultureInfo.InvariantCulture));
        return $"[{string.Join(", ", shown)}]";
    }
}
