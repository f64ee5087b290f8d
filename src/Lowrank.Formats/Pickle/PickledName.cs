namespace Lowrank.Formats;

/// <summary>A name of Python's that a pickle mentions and that stands for something known to be harmless.</summary>
sealed record PickledName(string Module, string Name)
{
    public override string ToString() => $"{Module}.{Name}";
}
