namespace Lowrank.Training.Tests;

public sealed class EncodingCacheTests : IDisposable
{
    readonly TemporaryFolder folder = new();
    readonly DisposeScope scope = NewDisposeScope();
    int made;

    double Value(params string[] facts) => new EncodingCache(folder["cache/"]).Keep("x", facts, () => new Dictionary<string, Tensor> { ["value"] = tensor(++made) })["value"].ToDouble();

    [Fact]
    public void TheSameFactsAreMadeOnce()
    {
        Assert.Equal(1, Value("a", "b"));
        Assert.Equal(1, Value("a", "b"));
        Assert.Equal(2, Value("a", "c"));
        Assert.Equal(3, Value("ab"));
    }

    [Fact]
    public void ADamagedFileIsMadeAnew()
    {
        Value("a");
        string file = Assert.Single(Directory.GetFiles(folder["cache/"]));
        File.WriteAllBytes(file, File.ReadAllBytes(file)[..20]);
        Assert.Equal(2, Value("a"));
        Assert.Equal(2, Value("a"));
    }

    public void Dispose()
    {
        scope.Dispose();
        folder.Dispose();
    }
}
