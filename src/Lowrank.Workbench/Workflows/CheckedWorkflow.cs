using Lowrank.Graphs;

namespace Lowrank.Workbench;

/// <summary>A graph that was read and checked.</summary>
/// <param name="Read">As the file has it.</param>
/// <param name="Verdict">What checking it found.</param>
/// <param name="Faults">Why it cannot run whole, a sentence each.</param>
/// <param name="Account">What of it is not used as it stands.</param>
sealed record CheckedWorkflow(ReadGraph Read, GraphVerdict Verdict, IReadOnlyList<string> Faults, Account Account)
{
    /// <summary>Reads and checks a graph.</summary>
    /// <exception cref="LowrankException">The file holds none.</exception>
    public static CheckedWorkflow Of(WorkflowRequest request)
    {
        var read = GraphFile.Read(request.Graph);
        var verdict = GraphValidation.Check(read.Graph, request.Folders);
        var review = new GraphReview(verdict, request.Folders);
        var (faults, account) = (review.Faults(), new Account());
        foreach (string note in read.Notes) account.Leaves("workflow", note);
        if (faults.Count == 0)
        {
            foreach (string note in review.Notes(read.Graph)) account.Leaves("workflow", note);
            foreach (string note in review.DefaultNotes()) account.Takes("workflow", note);
        }
        return new(read, verdict, faults, account);
    }
}
