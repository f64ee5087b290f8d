namespace Lowrank.Formats;

/// <summary>Element types that files hold, named as in the safetensors header and in its order: from small alignment to large. Writers lay
/// tensors out by it, last one first.</summary>
public enum TensorDtype
{
    /// <summary>A truth value in one byte.</summary>
    BOOL,
    /// <summary>Unsigned 8 bits.</summary>
    U8,
    /// <summary>Signed 8 bits.</summary>
    I8,
    /// <summary>8-bit float, 5 exponent bits: the upper half of an F16.</summary>
    F8_E5M2,
    /// <summary>8-bit float, 4 exponent bits, finite (NaN at 0x7f and 0xff).</summary>
    F8_E4M3,
    /// <summary>Signed 16 bits.</summary>
    I16,
    /// <summary>Unsigned 16 bits.</summary>
    U16,
    /// <summary>IEEE half.</summary>
    F16,
    /// <summary>Upper half of an F32.</summary>
    BF16,
    /// <summary>Signed 32 bits.</summary>
    I32,
    /// <summary>Unsigned 32 bits.</summary>
    U32,
    /// <summary>32-bit float.</summary>
    F32,
    /// <summary>64-bit float.</summary>
    F64,
    /// <summary>Signed 64 bits.</summary>
    I64,
    /// <summary>Unsigned 64 bits.</summary>
    U64,
}
