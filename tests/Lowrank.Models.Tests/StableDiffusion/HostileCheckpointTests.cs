using static TorchSharp.torch;

namespace Lowrank.Models.Tests;

/// <summary>Headers that no model ever had: they are refused or reported, and nothing worse.</summary>
public class HostileCheckpointTests
{
    sealed record Header(IReadOnlyList<TensorInfo> Tensors) : ITensorFile
    {
        public string Path => "hostile.safetensors";
        public string Container => "safetensors";
        public IReadOnlyDictionary<string, string> Metadata => new Dictionary<string, string> { ["modelspec.prediction_type"] = "epsilon" };
        public IReadOnlyList<string> Notes => [];
        public Tensor Read(string name) => throw new NotSupportedException();
        public double ReadScalar(string name) => throw new NotSupportedException();
        public void Dispose() { }
    }

    // As long as a container lets pass: no more elements than a file can have.
    static long[] AnyShape(Random random)
    {
        long[] shape = [.. Enumerable.Range(0, random.Next(6)).Select(_ => (long)random.Next(8))];
        if (shape.Length > 0 && random.Next(3) == 0) shape[random.Next(shape.Length)] = 1L << random.Next(40);
        return shape;
    }

    public static IEnumerable<TheoryDataRow<string>> Families => [new("sd1"), new("sd2"), new("sdxl")];

    [Theory, MemberData(nameof(Families))]
    public void AHeaderThatIsChangedAtRandomIsReportedOrRefused(string family)
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("lowrank-hostile-").FullName, "x.safetensors");
        CheckpointConversion.ToFile(Folders.Tiny(family), path, cancel: TestContext.Current.CancellationToken);
        IReadOnlyList<TensorInfo> whole;
        using (var file = Containers.Open(path)) whole = file.Tensors;
        Directory.Delete(Path.GetDirectoryName(path)!, true);
        var random = new Random(7);
        for (int i = 0; i < 300; i++)
        {
            var tensors = whole.ToList();
            for (int changes = random.Next(1, 20); changes > 0; changes--)
            {
                int at = random.Next(tensors.Count);
                if (random.Next(3) == 0) tensors.RemoveAt(at);
                else tensors[at] = tensors[at] with { Shape = AnyShape(random) };
            }
            try
            {
                var report = BaseModelInspection.Inspect(new Header(tensors));
                Assert.NotEmpty(report.Components);
            }
            catch (LowrankException error)
            {
                Assert.Contains("hostile.safetensors", error.Message, StringComparison.Ordinal);
            }
        }
    }
}
