namespace Lowrank.Workbench;

/// <summary>What the demo made and learnt, as its page shows it.</summary>
/// <param name="Files">The files written: adapter, grid and page.</param>
/// <param name="Grid">The grid of pictures, as the bytes of a PNG.</param>
/// <param name="GridCaption">What its rows and columns are.</param>
/// <param name="Losses">Loss of every step, in order.</param>
/// <param name="ColourfulnessBase">Mean colourfulness of the base's pictures.</param>
/// <param name="ColourfulnessAdapter">Mean colourfulness of the pictures at strength 1.</param>
/// <param name="Settings">Settings of the run: name and value.</param>
/// <param name="Times">Phases and how long they took.</param>
/// <param name="Commands">Commands to try next: the line to type, and what it does.</param>
public sealed record DemoReport(
    IReadOnlyList<string> Files,
    byte[] Grid,
    string GridCaption,
    IReadOnlyList<double> Losses,
    double ColourfulnessBase,
    double ColourfulnessAdapter,
    IReadOnlyList<(string Name, string Value)> Settings,
    IReadOnlyList<(string Phase, TimeSpan Took)> Times,
    IReadOnlyList<(string Command, string Meaning)> Commands)
{
    /// <summary>By how much colourfulness fell, as a share of the base's: 0.8 is 80 %.</summary>
    public double ColourfulnessDrop => 1 - ColourfulnessAdapter / ColourfulnessBase;
}
