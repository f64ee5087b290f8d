namespace Lowrank.Workbench;

/// <summary>What the demo draws, and how.</summary>
public static class DemoSettings
{
    /// <summary>Strengths of the columns; null is the base without the adapter.</summary>
    public static IReadOnlyList<double?> Strengths { get; } = [null, 0.5, 1];

    /// <summary>The first row's seed; each row has the next.</summary>
    public const long FirstSeed = 1000;

    /// <summary>How pictures are made: what the model's authors recommend.</summary>
    public static GenerateOptions Pictures { get; } = new() { Steps = 20, GuidanceScale = 4, Batch = 8 };

    /// <summary>The column's heading.</summary>
    public static string TitleOf(double? strength) => strength is { } value ? $"strength {Quantity.Number(value)}" : "base";
}
