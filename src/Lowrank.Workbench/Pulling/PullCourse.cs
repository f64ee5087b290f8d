namespace Lowrank.Workbench;

/// <summary>One pull at work.</summary>
/// <param name="Client">Speaks with the hub.</param>
/// <param name="Repository">What is fetched from.</param>
/// <param name="Settings">How long is waited.</param>
/// <param name="Cache">Where files go.</param>
/// <param name="Name">The repository's name.</param>
/// <param name="Run">Who is told.</param>
sealed record PullCourse(HubClient Client, HubRepository Repository, HubSettings Settings, HubCache Cache, HubName Name, JobRun Run)
{
    /// <summary>Puts a file into the snapshot, fetched where its bytes are not there.</summary>
    /// <param name="file">The file.</param>
    /// <param name="arrived">Told how many bytes of it are there.</param>
    public void Fetch(HubFile file, Action<long> arrived)
    {
        Run.Cancel.ThrowIfCancellationRequested();
        if (!Cache.HasPlace(Name, Repository.Commit, file))
        {
            using var held = Cache.Lock(Name, file, () => Run.Say($"waiting for another program that fetches {file.Path}"), Run.Cancel);
            string blob = Cache.BlobOf(Name, file);
            if (!Cache.HasBlob(Name, file))
            {
                string incomplete = Cache.IncompleteOf(Name, file);
                new HubDownload(Client, Repository, Settings, file, incomplete, arrived, Run.Say, Run.Cancel).Run();
                File.Move(incomplete, blob, overwrite: true);
            }
            Cache.Place(Name, Repository.Commit, file);
        }
        arrived(file.Size);
    }
}
