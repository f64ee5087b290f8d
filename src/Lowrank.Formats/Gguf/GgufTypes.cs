namespace Lowrank.Formats;

/// <summary>What is known of the types of metadata.</summary>
public static class GgufTypes
{
    internal const int Count = 13;

    /// <summary>Its name in ggml's manner: "u32", "string".</summary>
    public static string Word(this GgufType type) => type == GgufType.Text ? "string" : type.ToString().ToLowerInvariant();

    /// <summary>Bytes of a value; 0 for those whose length differs.</summary>
    public static int Size(this GgufType type) => type switch
    {
        GgufType.U8 or GgufType.I8 or GgufType.Bool => 1,
        GgufType.U16 or GgufType.I16 => 2,
        GgufType.U32 or GgufType.I32 or GgufType.F32 => 4,
        GgufType.U64 or GgufType.I64 or GgufType.F64 => 8,
        _ => 0,
    };

    /// <summary>The fewest bytes that a value takes in a file.</summary>
    internal static int LeastBytes(this GgufType type) => type switch
    {
        GgufType.Text => 8,        // its length
        GgufType.Array => 4 + 8,   // its type and its count
        _ => type.Size(),
    };

    /// <summary>The type of a value.</summary>
    /// <exception cref="LowrankException">No type of GGUF holds it.</exception>
    internal static GgufType Of(object value) => value switch
    {
        byte => GgufType.U8,
        sbyte => GgufType.I8,
        ushort => GgufType.U16,
        short => GgufType.I16,
        uint => GgufType.U32,
        int => GgufType.I32,
        float => GgufType.F32,
        bool => GgufType.Bool,
        string => GgufType.Text,
        GgufArray => GgufType.Array,
        ulong => GgufType.U64,
        long => GgufType.I64,
        double => GgufType.F64,
        _ => throw new LowrankException(
            $"GGUF's metadata hold no {value.GetType().Name}; they hold numbers, truth values, text and arrays."),
    };
}
