using System.Collections;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Lowrank;

/// <summary>
/// A TorchScript module, written by <c>torch.jit.save</c>, whose linear, convolution, embedding and norm weights can be adapted.
/// </summary>
/// <remarks>
/// Its code is fixed, so adapters work through the weights: for the length of a call each adapted layer's weight attribute is W', with its
/// history, and then W again. All parameters of the module are frozen when it is loaded. Paths are the module's own, as in
/// <c>blocks.0.qkv</c>.
/// </remarks>
public sealed class ScriptModel : nn.Module<Tensor, Tensor>, IScopedModule
{
    // The module itself and all in it. In a list, because modules in fields would be registered as this one's children.
    readonly List<jit.ScriptModule> parts;

    jit.ScriptModule Script => parts[0];

    ScriptModel(jit.ScriptModule script, ScriptCode code, string name) : base(name)
    {
        // Each enumeration wraps the modules again: once is enough. The module itself may be a layer, at the empty path.
        List<(string Path, nn.Module Module)> modules = [("", script), .. script.named_modules()];
        parts = modules.ConvertAll(m => (jit.ScriptModule)m.Module);
        foreach (var tensor in parts.SelectMany(p => p.parameters(false).Concat(p.buffers(false)))) tensor.DetachFromDisposeScope();
        foreach (var parameter in script.parameters()) parameter.requires_grad = false;
        List<(string, ScriptedLayer)> found = [];
        foreach (var ((path, _), part) in modules.Zip(parts))
            if (part.get_parameter("weight") is { } weight && code.LayerAt(path, weight.shape) is var (kind, walk))
                found.Add((path, new ScriptedLayer(part, path, kind, walk)));
        Layers = found;
    }

    /// <summary>Reads a file that <c>torch.jit.save</c> wrote, scripted or traced.</summary>
    /// <param name="path">The file, usually .pt.</param>
    /// <param name="device">Where it is to compute; null means the CPU.</param>
    /// <exception cref="LowrankException">There is no such file, or it is no TorchScript module.</exception>
    public static ScriptModel Load(string path, Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (!File.Exists(path)) throw new LowrankException($"{path}: there is no such file");
        var code = ScriptCode.Read(path);
        using var scope = NewDisposeScope();
        try
        {
            return new ScriptModel(jit.load(path, device ?? CPU), code, Path.GetFileNameWithoutExtension(path));
        }
        catch (ExternalException error)
        {
            throw new LowrankException($"{path}: libtorch cannot load this TorchScript module: {EngineMessage.Of(error)}", error);
        }
    }

    /// <summary>Its adaptable layers by path, in module order; none in a frozen module, whose weights are constants.</summary>
    public IReadOnlyList<(string Path, ScriptedLayer Layer)> Layers { get; }

    /// <summary>The module's answer to one input.</summary>
    /// <exception cref="LowrankException">It takes or gives something else than one tensor; see <see cref="Invoke"/>.</exception>
    public override Tensor forward(Tensor x) => Invoke("forward", x) as Tensor
        ?? throw new LowrankException($"{GetName()} does not answer with one tensor; ask it by Invoke(\"forward\", x)");

    /// <summary>Runs a method of the module with the adapted weights of all its layers.</summary>
    /// <param name="method">Its name; "forward" for the module itself.</param>
    /// <param name="inputs">Tensors, lists of tensors, numbers, booleans or null, as the method takes them.</param>
    /// <returns>What the method returns: a tensor, a tuple, an array, a number or null.</returns>
    /// <exception cref="LowrankException">It is given something else.</exception>
    public object? Invoke(string method, params object?[] inputs) => LayerScope.Run<object?>(this, () =>
    {
        // Weights are placed for the length of a call, of which there is one at a time then.
        using var turn = new Turn(turns, isAlone: Layers.Any(found => found.Layer.Host is not null));
        using var placed = PlacedWeights.Of(Layers.Select(l => l.Layer));
        // TorchSharp makes a native number of each of these and keeps none alive for the call: they are made and held here.
        Scalar?[] numbers = [.. inputs.Select(Number)];
        try
        {
            return Script.invoke(method, [.. inputs.Zip(numbers, (input, number) => number ?? input)]);
        }
        finally
        {
            foreach (var number in numbers) number?.Dispose();
        }
    }, MoveOut);

    readonly ReaderWriterLockSlim turns = new(LockRecursionPolicy.SupportsRecursion);

    // The right to run the module: beside others, or alone.
    readonly struct Turn : IDisposable
    {
        readonly ReaderWriterLockSlim turns;
        readonly bool isAlone;

        public Turn(ReaderWriterLockSlim turns, bool isAlone)
        {
            (this.turns, this.isAlone) = (turns, isAlone);
            if (isAlone) turns.EnterWriteLock();
            else turns.EnterReadLock();
        }

        public void Dispose()
        {
            if (isAlone) turns.ExitWriteLock();
            else turns.ExitReadLock();
        }
    }

    static Scalar? Number(object? input) => input switch { double d => d, float f => f, long l => l, _ => null };

    static object? MoveOut(DisposeScope scope, object? result)
    {
        switch (result)
        {
            case Tensor tensor: scope.MoveToOuter(tensor); break;
            case ITuple tuple: for (int i = 0; i < tuple.Length; i++) MoveOut(scope, tuple[i]); break;
            case IEnumerable many: foreach (var one in many) MoveOut(scope, one); break;
        }
        return result;
    }

    /// <summary>Writes the module as TorchScript, with what is merged in its weights.</summary>
    /// <exception cref="LowrankException">The file cannot be written.</exception>
    public void Save(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        string full = Path.GetFullPath(path);
        // A name of its own: two that write at one time do not write into each other.
        string aside = UnfinishedFiles.PlaceFor(full);
        try
        {
            jit.save(Script, aside);
            File.Move(aside, path, overwrite: true);
        }
        catch (Exception error) when (error is ExternalException or IOException or UnauthorizedAccessException)
        {
            File.Delete(aside);
            throw new LowrankException($"{path}: cannot be written: {EngineMessage.Of(error)}", error);
        }
    }

    /// <inheritdoc/>
    public override IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true) =>
        Script.named_parameters(recurse);

    /// <inheritdoc/>
    public override IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_nonpersistent = true) =>
        Script.named_buffers(recurse, include_nonpersistent);

    /// <inheritdoc/>
    public override void train(bool train = true) => Script.train(train);

    /// <inheritdoc/>
    public override bool training => Script.training;

    /// <inheritdoc/>
    protected override nn.Module _to(Device device, ScalarType dtype, bool non_blocking) =>
        Moved(() => Script.to(device, dtype, non_blocking: non_blocking));

    /// <inheritdoc/>
    protected override nn.Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking) =>
        Moved(() => Script.to(deviceType, deviceIndex, non_blocking: non_blocking));

    /// <inheritdoc/>
    protected override nn.Module _to(ScalarType dtype, bool non_blocking) => Moved(() => Script.to(dtype, non_blocking: non_blocking));

    ScriptModel Moved(Action move)
    {
        using var scope = NewDisposeScope();
        move();
        foreach (var (_, layer) in Layers) layer.Host?.MoveTo(layer.Weight.Device);
        return this;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (var part in parts.AsEnumerable().Reverse()) part.Dispose();
            turns.Dispose();
        }
        base.Dispose(disposing);
    }
}
