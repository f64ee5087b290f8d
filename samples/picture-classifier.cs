#:project ../src/Lowrank.Adapters/Lowrank.Adapters.csproj
#:project ../src/Lowrank.Diffusion/Lowrank.Diffusion.csproj
// A picture classifier, adapted to pictures it was not made for: dotnet run samples/picture-classifier.cs
// A small network learns to tell forty drawings apart, however they are shifted and speckled. Then they come as negatives, white on black.
using Lowrank;
using Lowrank.Diffusion;
using TorchSharp;
using static TorchSharp.torch;

random.manual_seed(0);
var chance = new Random(0);
var folder = Path.Combine(AppContext.GetData("EntryPointFileDirectoryPath") as string ?? "samples", "..", "datasets", "ink", "10_ink");
var drawings = stack(Directory.GetFiles(folder, "*.png").Order(StringComparer.Ordinal).Select(Read));
long count = drawings.shape[0];
var unseen = Views(drawings, 10);   // training sees other views

using var net = nn.Sequential(
    nn.Conv2d(1, 16, 3, padding: 1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(16, 32, 3, padding: 1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(32 * 8 * 8, 64), nn.ReLU(), nn.Linear(64, count));
using (var optimizer = optim.Adam(net.parameters(), 2e-3)) Train(drawings, optimizer.zero_grad, () => optimizer.step(), 100);
Console.WriteLine($"{count} drawings in views it has not seen: the network knows {Right(unseen):p0} of them, and {Right(-unseen):p0} of the negatives.");

// Attach by pattern, train, save.
var model = ModelDescription.Of(net);
using var attachment = model.Adapt("*", new LoraOptions(rank: 4));
using (var optimizer = new FusedAdamW([new ParameterGroup([.. attachment.Adapter.Trainable], 5e-3)])) Train(-drawings, optimizer.ZeroGrad, optimizer.Step, 100);
string saved = Path.Combine(Directory.CreateTempSubdirectory("lowrank-").FullName, "adapter");
AdapterFile.Write(saved, attachment.Adapter, model, "peft");

attachment.AssertUsed();
Console.WriteLine($"With a LoRA of {attachment.Adapter.Trainable.Sum(p => p.numel())} numbers beside {net.parameters().Sum(p => p.numel())}: {Right(-unseen):p0} of the negatives.");
using (attachment.Disabled()) Console.WriteLine($"The network itself is untouched: {Right(unseen):p0} of the drawings.");

// PEFT's folder, read back and merged for speed.
attachment.Detach();
using var again = AdapterFile.Read(saved, model);
using var read = model.Attach(again);
model.Merge();
Console.WriteLine($"Read back and merged: {Right(-unseen):p0} of the negatives.");
Directory.Delete(saved, recursive: true);

Tensor Read(string path) => PictureTransforms.ToTensor(PictureTransforms.CoverCrop(PictureFile.Read(path), 32, 32)).mean([0]);

// Fresh views of the pictures, all of them so many times: shifted by up to three pixels either way and speckled.
Tensor Views(Tensor x, int times)
{
    using var scope = NewDisposeScope();
    var views = Enumerable.Range(0, times).SelectMany(_ => x.unbind(0)).Select(one => one.roll([chance.Next(-3, 4), chance.Next(-3, 4)], [0, 1]));
    var clean = stack(views).unsqueeze(1);
    return (clean + randn_like(clean) * 0.3).MoveToOuterDisposeScope();
}

Tensor Names(Tensor views) => arange(count).repeat(views.shape[0] / count);

double Right(Tensor x)
{
    using var scope = NewDisposeScope();
    using var grad = no_grad();
    return net.call(x).argmax(1).eq(Names(x)).to(ScalarType.Float32).mean().ToDouble();
}

void Train(Tensor x, Action zero, Action step, int passes)
{
    for (int pass = 0; pass < passes; pass++)
    {
        using var scope = NewDisposeScope();
        zero();
        var views = Views(x, 4);
        nn.functional.cross_entropy(net.call(views), Names(views)).backward();
        step();
    }
}
