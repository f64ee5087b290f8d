using System.Collections;
using System.Reflection;

namespace Lowrank.Torch;

/// <summary>Hooks on modules of TorchSharp that may be put there while other threads run the module, and stay.</summary>
/// <remarks>
/// TorchSharp walks through a dictionary of hooks at each call, and registering one changes the dictionary in place, which a call on
/// another thread does not survive. Here the module is given a new dictionary.
/// </remarks>
static class ModuleHooks
{
    const string Key = "lowrank";

    static readonly Lock changing = new();
    static readonly System.Collections.Concurrent.ConcurrentDictionary<Type, FieldInfo[]> fields = [];

    /// <summary>Each of the modules, and what is in them, begins and ends a call, see <see cref="ModelCalls"/>.</summary>
    public static void TellCalls(nn.Module root)
    {
        foreach (var module in root.modules().Prepend(root))
        {
            // A layer of ours tells by itself, and of a script there is nothing to hook.
            if (module is IScopedModule) continue;
            Add(module, "module_pre_hooks", static (nn.Module _) => ModelCalls.Begin());
            Add(module, "module_post_hooks", static (nn.Module _) => ModelCalls.End());
        }
    }

    /// <summary>A hook that sees a module's inputs and its answer and may give another; null leaves it.</summary>
    /// <param name="module">The module.</param>
    /// <param name="hook">Of the type that <c>register_forward_hook</c> takes of such a module.</param>
    /// <exception cref="NotSupportedException">TorchSharp keeps no hooks where they are known to be.</exception>
    public static void Answer(nn.Module module, Delegate hook)
    {
        if (Add(module, "post_hooks", hook)) return;
        throw new NotSupportedException($"{module.GetType().Name} has no field post_hooks: adapters are called by the hooks that " +
            "TorchSharp 0.107 keeps there, and this is another version");
    }

    /// <summary>Whether a module has no hooks, ours included.</summary>
    public static bool AreNone(nn.Module module)
    {
        foreach (var field in fields.GetOrAdd(module.GetType(), FieldsOf))
            if (field.GetValue(module) is ICollection { Count: > 0 }) return false;
        return true;
    }

    static FieldInfo[] FieldsOf(Type type)
    {
        var found = new List<FieldInfo>();
        for (var at = type; at is not null; at = at.BaseType)
            found.AddRange(at.GetFields(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
                .Where(field => field.Name.EndsWith("_hooks", StringComparison.Ordinal)));
        return [.. found];
    }

    // False where the class has no such hooks, as a mere holder of modules.
    static bool Add(nn.Module module, string field, Delegate hook)
    {
        for (var type = module.GetType(); type is not null; type = type.BaseType)
        {
            var found = type.GetField(field, BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.DeclaredOnly);
            if (found is null) continue;
            lock (changing)
            {
                var hooks = (IDictionary)found.GetValue(module)!;
                if (hooks.Contains(Key)) return true;
                var more = (IDictionary)Activator.CreateInstance(found.FieldType, hooks)!;
                more.Add(Key, hook);
                found.SetValue(module, more);
            }
            return true;
        }
        return false;
    }
}
