namespace Lowrank.Workbench;

/// <summary>What the demo of a language model made and learnt, as its page shows it.</summary>
/// <param name="Files">The files written: adapter as folder and as file, answers and page.</param>
/// <param name="Rows">Some of the rows that were asked.</param>
/// <param name="Measures">Each measure with its value for the base and with the adapter, over all rows that were asked.</param>
/// <param name="Asked">Rows that were asked.</param>
/// <param name="Losses">Loss of every step, in order.</param>
/// <param name="Settings">Settings of the run: name and value.</param>
/// <param name="Times">Phases and how long they took.</param>
/// <param name="Commands">Commands to try next: the line to type, and what it does.</param>
public sealed record LanguageDemoReport(
    IReadOnlyList<string> Files,
    IReadOnlyList<DemoText> Rows,
    IReadOnlyList<(string Name, double Base, double Adapter)> Measures,
    int Asked,
    IReadOnlyList<double> Losses,
    IReadOnlyList<(string Name, string Value)> Settings,
    IReadOnlyList<(string Phase, TimeSpan Took)> Times,
    IReadOnlyList<(string Command, string Meaning)> Commands)
{
    /// <summary>Texts of base and adapter with a word that nothing supports.</summary>
    public (int Base, int Adapter) Inventing { get; init; }
}
