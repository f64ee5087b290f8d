namespace Lowrank.Workbench.Tests;

/// <summary>Tests that draw with the small model: a folder for pictures and a shelf for the model, gone with the test.</summary>
public abstract class DrawingTests : IDisposable
{
    protected static readonly CancellationToken never = CancellationToken.None;

    private protected readonly TemporaryFolder folder = new();
    private protected readonly ModelShelf shelf = new();

    public void Dispose()
    {
        shelf.Dispose();
        folder.Dispose();
        GC.SuppressFinalize(this);
    }

    protected GeneratingRequest Request(string output, GenerateOptions options, params IReadOnlyList<long> seeds) =>
        new(EmojiModel.Folder, ["cat face"], seeds, folder[output]) { Options = options, Precision = "f32", Device = "cpu" };

    protected GeneratingReport Report(GeneratingRequest request) => new GeneratingJob(shelf).Run(request, null, never);

    protected Picture Drawn(GeneratingRequest request)
    {
        Report(request);
        return PictureFile.Read(request.Output);
    }
}
