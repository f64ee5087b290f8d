namespace Lowrank.Diffusion;

/// <summary>An entry of a directory in a block of EXIF.</summary>
/// <param name="Tag">What it tells.</param>
/// <param name="Type">Of its values, as TIFF numbers them: 2 letters, 4 whole numbers of 32 bits, 7 bytes.</param>
/// <param name="Count">How many values.</param>
/// <param name="Value">The value, or where the values lie, in bytes from the block's beginning.</param>
readonly record struct ExifEntry(ushort Tag, ushort Type, uint Count, uint Value)
{
    /// <summary>Numbers of types.</summary>
    public const ushort Letters = 2, Long = 4, Undefined = 7;
}
