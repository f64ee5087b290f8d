namespace Lowrank.Training;

/// <summary>Rows that the chat template refuses, told together: nothing is trained on the others alone.</summary>
sealed class RefusedRows
{
    readonly List<string> refused = [];

    /// <summary>What is made of an example; nothing where the template refuses it.</summary>
    public IReadOnlyList<T> Of<T>(Func<IReadOnlyList<T>> make)
    {
        try
        {
            return make();
        }
        catch (RefusedRowException error)
        {
            refused.Add(error.Message);
            return [];
        }
    }

    /// <summary>Throws where any was refused.</summary>
    /// <exception cref="LowrankException">Lists them.</exception>
    public void Require()
    {
        if (refused.Count == 0) return;
        string rows = Listing.Count(refused.Count, "row is", "rows are");
        throw new LowrankException($"{rows} refused. {string.Join("\n", refused.Take(8))}");
    }
}
