using System.Reflection;
using Lowrank.Testing;
using static TorchSharp.torch;

namespace Goldens;

/// <summary>Answers of modules inside a model, taken by hooks: a case expects them as <c>inside.PATH</c>.</summary>
sealed class InsideValues : IDisposable
{
    const string Prefix = "inside.";

    readonly Dictionary<string, Tensor> taken = [];
    readonly List<Action> hooks = [];
    readonly GoldenCase golden;

    /// <summary>Listens to every module that the case expects something of.</summary>
    public InsideValues(nn.Module model, GoldenCase golden)
    {
        this.golden = golden;
        var modules = model.named_modules().ToDictionary(m => m.name, m => m.module);
        foreach (string path in golden.ExpectedNames.Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Select(name => name[Prefix.Length..]))
        {
            Assert.True(modules.TryGetValue(path, out var module), $"the model has no module {path}");
            Listen(module!, path);
        }
    }

    // Modules are typed by what they take and give (a block that gives several tensors gives its answer last), which may be internal types.
    void Listen(nn.Module module, string path)
    {
        var type = module.GetType();
        while (!type.Name.StartsWith("Module`", StringComparison.Ordinal)) type = type.BaseType ?? throw new InvalidOperationException($"{path} is a module without forward");
        var types = type.GetGenericArguments();
        typeof(InsideValues).GetMethods(BindingFlags.NonPublic | BindingFlags.Instance)
            .Single(method => method.Name == nameof(ListenTo) && method.GetGenericArguments().Length == types.Length)
            .MakeGenericMethod(types).Invoke(this, [module, path]);
    }

    void ListenTo<T1, TResult>(nn.Module<T1, TResult> module, string path) =>
        hooks.Add(module.register_forward_hook((_, _, result) => Take(path, result)).remove);

    void ListenTo<T1, T2, TResult>(nn.Module<T1, T2, TResult> module, string path) =>
        hooks.Add(module.register_forward_hook((_, _, _, result) => Take(path, result)).remove);

    void ListenTo<T1, T2, T3, TResult>(nn.Module<T1, T2, T3, TResult> module, string path) =>
        hooks.Add(module.register_forward_hook((_, _, _, _, result) => Take(path, result)).remove);

    TResult Take<TResult>(string path, TResult result)
    {
        var answer = result switch
        {
            Tensor tensor => tensor,
            IReadOnlyList<Tensor> steps => steps[^1],
            _ => throw new InvalidOperationException($"{path} gives {result}"),
        };
        if (taken.Remove(path, out var earlier)) earlier.Dispose();
        using (NewDisposeScope()) taken[path] = answer.detach().clone().DetachFromDisposeScope();
        return result;
    }

    /// <summary>Compares everything that was taken.</summary>
    public void AssertClose()
    {
        foreach (var (path, value) in taken) golden.AssertClose(value, golden.Expected(Prefix + path), Prefix + path);
        Assert.Equal(golden.ExpectedNames.Count(name => name.StartsWith(Prefix, StringComparison.Ordinal)), taken.Count);
    }

    /// <summary>Stops listening and frees what was taken.</summary>
    public void Dispose()
    {
        foreach (var stop in hooks) stop();
        foreach (var value in taken.Values) value.Dispose();
    }
}
