namespace Lowrank.Formats;

/// <summary>The types of metadata in GGUF files, by their numbers there.</summary>
public enum GgufType
{
    /// <summary>Unsigned 8 bits, a <see cref="byte"/>.</summary>
    U8 = 0,

    /// <summary>Signed 8 bits, an <see cref="sbyte"/>.</summary>
    I8 = 1,

    /// <summary>Unsigned 16 bits, a <see cref="ushort"/>.</summary>
    U16 = 2,

    /// <summary>Signed 16 bits, a <see cref="short"/>.</summary>
    I16 = 3,

    /// <summary>Unsigned 32 bits, a <see cref="uint"/>.</summary>
    U32 = 4,

    /// <summary>Signed 32 bits, an <see cref="int"/>.</summary>
    I32 = 5,

    /// <summary>32-bit float, a <see cref="float"/>.</summary>
    F32 = 6,

    /// <summary>A truth value in one byte, a <see cref="bool"/>.</summary>
    Bool = 7,

    /// <summary>UTF-8 text, a <see cref="string"/>.</summary>
    Text = 8,

    /// <summary>Elements of one type, a <see cref="GgufArray"/>.</summary>
    Array = 9,

    /// <summary>Unsigned 64 bits, a <see cref="ulong"/>.</summary>
    U64 = 10,

    /// <summary>Signed 64 bits, a <see cref="long"/>.</summary>
    I64 = 11,

    /// <summary>64-bit float, a <see cref="double"/>.</summary>
    F64 = 12,
}
