namespace Lowrank.Adapters;

/// <summary>A folder of tensors and a configuration, written so that another adapter's configuration never stands beside them.</summary>
static class ConfiguredFolder
{
    /// <summary>Writes both, whole or not at all. A folder that is there keeps what else it holds.</summary>
    /// <exception cref="LowrankException">The place cannot be written to.</exception>
    public static void Write(
        string folder,
        string weights,
        IReadOnlyList<KeyValuePair<string, Tensor>> tensors,
        IReadOnlyDictionary<string, string> metadata,
        string settings,
        SortedDictionary<string, object?> fields)
    {
        // Both are whole before either takes its place, and the old configuration goes first, whenever the writing is cut off.
        string aside = UnfinishedFiles.PlaceWithin(folder);
        try
        {
            Safetensors.Save(Path.Combine(aside, weights), tensors, metadata);
            AtomicFile.WriteText(Path.Combine(aside, settings), PlainJson.Text(fields) + "\n");
            File.Delete(Path.Combine(folder, settings));
            foreach (string file in new[] { weights, settings })
                File.Move(Path.Combine(aside, file), Path.Combine(folder, file), overwrite: true);
        }
        catch (LowrankException error) when (error.Message.Contains(aside, StringComparison.Ordinal))
        {
            throw new LowrankException(error.Message.Replace(aside, folder, StringComparison.Ordinal), error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new LowrankException($"{folder} could not be written: {error.Message}", error);
        }
        finally
        {
            if (Directory.Exists(aside)) Directory.Delete(aside, recursive: true);
        }
    }
}
