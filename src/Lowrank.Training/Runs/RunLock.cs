namespace Lowrank.Training;

/// <summary>
/// Holds a run's name in its folder, so that no second run of it writes there at the same time. The system lets go of it when the process
/// ends, however it ends.
/// </summary>
sealed class RunLock : IDisposable
{
    readonly string folder;
    readonly bool isNew;
    readonly FileStream held;

    RunLock(string folder, bool isNew, FileStream held) => (this.folder, this.isNew, this.held) = (folder, isNew, held);

    /// <summary>Takes it, and so finds out early whether the folder can be written to.</summary>
    /// <exception cref="LowrankException">Another run has it, or the folder cannot be written to.</exception>
    public static RunLock Take(SavingSection saving)
    {
        string folder = Path.GetFullPath(saving.Output), path = Path.Combine(folder, $".{saving.Name}.lock");
        bool isNew = !Directory.Exists(folder);
        try
        {
            Directory.CreateDirectory(folder);
            return new(folder, isNew, new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose));
        }
        catch (IOException error) when (error.GetType() == typeof(IOException) && File.Exists(path))
        {
            throw new LowrankException(
                $"another run writes {saving.Name} in {saving.Output} at this moment. Wait for its end, or choose another name or output.",
                error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new LowrankException($"nothing can be written in {saving.Output}: {error.Message} Choose another output.", error);
        }
    }

    /// <summary>Lets go of it; a folder that was made for the run and got nothing goes too.</summary>
    public void Dispose()
    {
        held.Dispose();
        if (isNew && Directory.Exists(folder) && !Directory.EnumerateFileSystemEntries(folder).Any()) Directory.Delete(folder);
    }
}
