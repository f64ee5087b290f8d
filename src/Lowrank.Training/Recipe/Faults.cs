namespace Lowrank.Training;

/// <summary>Faults of what is read from texts.</summary>
static class Faults
{
    /// <summary>What reading finds wrong; nothing where it goes well.</summary>
    public static IReadOnlyList<string> In(Action read)
    {
        try
        {
            read();
            return [];
        }
        catch (LowrankException error)
        {
            return [error.Message];
        }
    }
}
