namespace Lowrank.Workbench.Tests;

/// <summary>Models stay loaded between jobs, each for one job at a time.</summary>
public class ModelShelfTests
{
    static readonly JobRun nobody = new(null, default);

    static ShelfPlace Place(ScalarType stored = ScalarType.Float32) => new(EmojiModel.Folder, new(), stored, "cpu");

    [Fact]
    public void AModelIsLoadedOnceForJobsThatAgreeInItsPlace()
    {
        using var shelf = new ModelShelf(2);
        using var first = shelf.Take(Place(), nobody);
        var model = first.Model;
        first.Dispose();
        using var again = shelf.Take(Place(), nobody);
        using var other = shelf.Take(Place(ScalarType.BFloat16), nobody);
        Assert.Same(model, again.Model);
        Assert.NotSame(model, other.Model);
        Assert.Equal(2, shelf.Count);
    }

    [Fact]
    public void BeyondTheLimitTheLeastRecentlyUsedIsDisposed()
    {
        using var shelf = new ModelShelf(2);
        var (one, two, three) = (Place(), Place(ScalarType.BFloat16), Place(ScalarType.Float64));
        BaseModel TakeAndGiveBack(ShelfPlace place)
        {
            using var taken = shelf.Take(place, nobody);
            return taken.Model;
        }
        var (first, second) = (TakeAndGiveBack(one), TakeAndGiveBack(two));
        TakeAndGiveBack(one);
        TakeAndGiveBack(three);
        Assert.Equal(2, shelf.Count);
        Assert.Same(first, TakeAndGiveBack(one));
        Assert.NotSame(second, TakeAndGiveBack(two));
    }

    [Fact]
    public void AShelfForNoModelIsNone() => Assert.Throws<ArgumentOutOfRangeException>(() => new ModelShelf(0));

    [Fact]
    public void AModelInUseIsNotDisposedForAnother()
    {
        using var shelf = new ModelShelf(1);
        using var used = shelf.Take(Place(), nobody);
        using (shelf.Take(Place(ScalarType.BFloat16), nobody)) Assert.Equal(2, shelf.Count);
        Assert.Equal(1, shelf.Count);
        Assert.NotNull(used.As<StableDiffusion>("drawn with").TextEncoder);
    }

    [Fact]
    public void AModelWhoseFilesChangedIsLoadedAnew()
    {
        using var folder = new TemporaryFolder();
        string copy = folder["model"];
        foreach (var file in Directory.EnumerateFiles(EmojiModel.Folder, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(copy, Path.GetRelativePath(EmojiModel.Folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
        using var shelf = new ModelShelf();
        BaseModel Taken()
        {
            using var taken = shelf.Take(Place() with { Path = copy }, nobody);
            return taken.Model;
        }
        var model = Taken();
        Assert.Same(model, Taken());
        File.SetLastWriteTimeUtc(Path.Combine(copy, "model_index.json"), DateTime.UnixEpoch);
        Assert.NotSame(model, Taken());
    }

    [Fact]
    public async Task ASecondJobWaitsForTheModelAndSaysSo()
    {
        using var shelf = new ModelShelf();
        using var first = shelf.Take(Place(), nobody);
        using var waits = new ManualResetEventSlim();
        var told = new List<JobEvent>();
        var run = new JobRun(new Reported<JobEvent>(one =>
        {
            told.Add(one);
            waits.Set();
        }), default);
        var second = Task.Run(() =>
        {
            using var taken = shelf.Take(Place(), run);
            return taken.Model;
        }, CancellationToken.None);
        Assert.True(waits.Wait(TimeSpan.FromSeconds(30), CancellationToken.None));
        Assert.False(second.IsCompleted);
        var model = first.Model;
        first.Dispose();
        Assert.Same(model, await second);
        Assert.Equal([new JobProgress("waiting for the model", 0, null), new JobProgress("waiting for the model", 1, null, IsDone: true)], told);
    }

    [Fact]
    public async Task AWaiterThatIsStoppedLeavesAndTheModelStaysUsable()
    {
        using var shelf = new ModelShelf();
        using var first = shelf.Take(Place(), nobody);
        using var source = new CancellationTokenSource();
        var run = new JobRun(new Reported<JobEvent>(_ => source.Cancel()), source.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.Run(() => shelf.Take(Place(), run), CancellationToken.None));
        var model = first.Model;
        first.Dispose();
        using var third = shelf.Take(Place(), nobody);
        Assert.Same(model, third.Model);
    }

    [Fact]
    public void AModelThatCannotBeLoadedLeavesNothingBehind()
    {
        using var shelf = new ModelShelf();
        var nowhere = Place() with { Path = "no/such/model" };
        for (int time = 0; time < 2; time++) Assert.Contains("no/such/model", Assert.Throws<LowrankException>(() => shelf.Take(nowhere, nobody)).Message);
        Assert.Equal(0, shelf.Count);
    }

    [Fact]
    public void AClosedShelfDisposesAModelWhenItIsGivenBack() => LeakGuard.NoTensorLeaks(() =>
    {
        var shelf = new ModelShelf();
        var taken = shelf.Take(Place(), nobody);
        _ = taken.Model.Describe();
        shelf.Dispose();
        Assert.Equal(1, shelf.Count);
        taken.Dispose();
        Assert.Equal(0, shelf.Count);
        Assert.Throws<ObjectDisposedException>(() => shelf.Take(Place(), nobody));
    });
}
