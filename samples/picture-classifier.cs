#:project ../src/Lowrank.Adapters/Lowrank.Adapters.csproj
#:project ../src/Lowrank.Diffusion/Lowrank.Diffusion.csproj
// A picture classifier, adapted to pictures it was not made for: dotnet run samples/picture-classifier.cs
// A small network learns how a drawing is turned (0, 90, 180 or 270 degrees). Then the drawings come as negatives, white on black.
using Lowrank.Adapters;
using Lowrank.Diffusion;
using Lowrank.Formats;
using Lowrank.Torch;
using TorchSharp;
using static TorchSharp.torch;

random.manual_seed(0);
var folder = Path.Combine(AppContext.GetData("EntryPointFileDirectoryPath") as string ?? "samples", "..", "datasets", "ink", "10_ink");
var drawings = stack(Directory.GetFiles(folder, "*.png").Order(StringComparer.Ordinal).Select(Read));
var (pictures, ways) = (cat([.. Enumerable.Range(0, 4).Select(turn => drawings.rot90(turn, (1, 2)))]).unsqueeze(1), arange(4).repeat_interleave(drawings.shape[0]));
var negatives = -pictures;

using var net = nn.Sequential(
    nn.Conv2d(1, 16, 3, padding: 1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(16, 32, 3, padding: 1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(32 * 8 * 8, 64), nn.ReLU(), nn.Linear(64, 4));
using (var optimizer = optim.Adam(net.parameters(), 2e-3)) Train(pictures, optimizer.zero_grad, () => optimizer.step(), 60);
Console.WriteLine($"{drawings.shape[0]} drawings, each turned four ways. The network: drawings {Right(pictures):p0} right, negatives {Right(negatives):p0}.");

// Attach by pattern, train, save.
var model = ModelDescription.Of(net);
using var attachment = model.Adapt("*", new LoraOptions(rank: 4));
using (var optimizer = new AdamW([new ParameterGroup([.. attachment.Adapter.Trainable], 5e-3)])) Train(negatives, optimizer.ZeroGrad, optimizer.Step, 60);
string saved = Path.Combine(Path.GetTempPath(), "lowrank-classifier-sample");
AdapterFile.Write(saved, attachment.Adapter, model, "peft");

attachment.AssertUsed();
Console.WriteLine($"With a LoRA of {attachment.Adapter.Trainable.Sum(p => p.numel())} numbers beside {net.parameters().Sum(p => p.numel())}: negatives {Right(negatives):p0} right.");
using (attachment.Disabled()) Console.WriteLine($"The network itself is untouched: drawings {Right(pictures):p0} right.");

// PEFT's folder, read back and merged for speed.
attachment.Detach();
using var again = AdapterFile.Read(saved, model);
using var read = model.Attach(again);
model.Merge();
Console.WriteLine($"Read back and merged: negatives {Right(negatives):p0} right.");
Directory.Delete(saved, recursive: true);

Tensor Read(string path) => PictureTransforms.ToTensor(PictureTransforms.CoverCrop(PictureFile.Read(path), 32, 32)).mean([0]);

double Right(Tensor x)
{
    using var scope = NewDisposeScope();
    using var grad = no_grad();
    return net.call(x).argmax(1).eq(ways).to(ScalarType.Float32).mean().ToDouble();
}

void Train(Tensor x, Action zero, Action step, int passes)
{
    for (int pass = 0; pass < passes; pass++)
    {
        using var scope = NewDisposeScope();
        zero();
        nn.functional.cross_entropy(net.call(x), ways).backward();
        Backward.Rethrow();
        step();
    }
}
