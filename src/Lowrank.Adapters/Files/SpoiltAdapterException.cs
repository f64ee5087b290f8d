namespace Lowrank.Adapters;

/// <summary>A part of an adapter holds NaN or infinity in the dtype in which it was to be written; nothing was written.</summary>
public sealed class SpoiltAdapterException(string message) : LowrankException(message);
