namespace Lowrank.Training.Tests;

public sealed class DiffusionTaskTests : IDisposable
{
    readonly Trial trial = new();

    // The first batch holds the first two pictures, the second the rest.
    sealed class ByHand : IBatches
    {
        public int PerEpoch => 2;

        public Batch this[long number] => number % 2 == 0 ? new([0, 1]) : new([2, 3, 4]);
    }

    [Fact]
    public void BatchesMayHaveSizesOfTheirOwn()
    {
        LeakGuard.NoTensorLeaks(() =>
        {
            using var scope = NewDisposeScope();
            var folder = PictureFolder.Read(trial.Pictures);
            using var model = StableDiffusion.Load(Trial.ModelFolder, new Storage());
            PictureSize[] sizes = [new(32, 32), new(32, 32), new(40, 24), new(40, 24), new(40, 24)];
            var sizeOf = folder.Pictures.Zip(sizes).ToDictionary(pair => pair.First, pair => pair.Second);
            var latents = LatentCache.Encode(model, folder.Pictures, picture => sizeOf[picture], null, (_, _) => { }, TestContext.Current.CancellationToken);
            using var pictures = new EncodedPictures(folder.Pictures, latents, null);
            var task = new DiffusionTask(model, trial.Recipe, pictures, new ByHand(), ScalarType.Float32, CPU);
            Assert.All(Enumerable.Range(0, 4), number => Assert.True(double.IsFinite(task.Loss(number).ToDouble())));
            Assert.Equal(2, task.BatchesPerEpoch);
            Assert.Equal("40x24", latents.SizeOf([2, 4]).ToString());
        });
    }

    [Fact]
    public void ABatchOfSeveralSizesIsTold()
    {
        using var model = StableDiffusion.Load(Trial.ModelFolder, new Storage());
        var folder = PictureFolder.Read(trial.Pictures);
        int made = 0;
        using var latents = LatentCache.Encode(model, folder.Pictures, _ => new PictureSize(32, made++ == 0 ? 32 : 24), null, (_, _) => { }, TestContext.Current.CancellationToken);
        Assert.Contains("32x32, 32x24", Assert.Throws<LowrankException>(() => latents.SizeOf([0, 1])).Message);
    }

    public void Dispose() => trial.Dispose();
}
