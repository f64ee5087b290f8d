namespace Lowrank.Language;

/// <summary>Python's None.</summary>
sealed class PythonNone
{
    PythonNone() { }

    /// <summary>The only one.</summary>
    public static PythonNone Value { get; } = new();
}
