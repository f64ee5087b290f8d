namespace Lowrank.Workbench;

/// <summary>A language model measured.</summary>
/// <param name="Model">The model.</param>
/// <param name="Data">The file with the rows.</param>
/// <param name="Task">The task's name.</param>
/// <param name="Meaning">What it measures.</param>
/// <param name="Rows">Rows that there were to measure.</param>
/// <param name="Models">The base, then each adapter by itself.</param>
/// <param name="Notes">What the user should know of rows, prompts and files.</param>
public sealed record EvaluatingReport(
    string Model, string Data, string Task, string Meaning, int Rows, IReadOnlyList<EvaluatedModel> Models, IReadOnlyList<string> Notes)
{
    /// <summary>Where the rows' answers and figures were written; null for nowhere.</summary>
    public string? Out { get; init; }

    /// <summary>Whether it was stopped before all was measured.</summary>
    public bool IsStopped { get; init; }
}
