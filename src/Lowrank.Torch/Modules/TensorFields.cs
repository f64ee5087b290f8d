using System.Collections;
using System.Reflection;

namespace Lowrank.Torch;

/// <summary>Fields of a module that hold its parameters and buffers.</summary>
/// <remarks>
/// A module that moves to another device gets new ones in their place, and the old ones are freed. TorchSharp tells the fields that are
/// named as what they hold is registered; others would be left with tensors that are gone.
/// </remarks>
public static class TensorFields
{
    /// <summary>Runs what moves a module's own parameters and buffers, and lets its fields hold those that stand in their place then, in
    /// lists and dictionaries too.</summary>
    public static void Follow(nn.Module module, Action move)
    {
        var before = Registered(module);
        move();
        var after = Registered(module);
        var exchanged = new Dictionary<object, Tensor>(ReferenceEqualityComparer.Instance);
        foreach (var (name, old) in before)
            if (!ReferenceEquals(old, after[name])) exchanged[old] = after[name];
        if (exchanged.Count == 0) return;
        foreach (var field in Fields(module.GetType()))
            Exchange(module, field, exchanged);
    }

    static Dictionary<string, Tensor> Registered(nn.Module module)
    {
        var registered = new Dictionary<string, Tensor>();
        foreach (var (name, parameter) in module.named_parameters(recurse: false)) registered[name] = parameter;
        foreach (var (name, buffer) in module.named_buffers(recurse: false)) registered[name] = buffer;
        return registered;
    }

    // Those of the classes below TorchSharp's own.
    static IEnumerable<FieldInfo> Fields(Type type)
    {
        const BindingFlags Own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        for (Type? at = type; at is not null && at.Assembly != typeof(nn.Module).Assembly; at = at.BaseType)
            foreach (var field in at.GetFields(Own))
                yield return field;
    }

    static void Exchange(nn.Module module, FieldInfo field, Dictionary<object, Tensor> exchanged)
    {
        switch (field.GetValue(module))
        {
            case Tensor held when exchanged.TryGetValue(held, out var moved):
                field.SetValue(module, moved);
                break;
            case IList list:
                for (int i = 0; i < list.Count; i++)
                    if (list[i] is Tensor held && exchanged.TryGetValue(held, out var moved)) list[i] = moved;
                break;
            case IDictionary table:
                foreach (object key in table.Keys.Cast<object>().ToList())
                    if (table[key] is Tensor held && exchanged.TryGetValue(held, out var moved)) table[key] = moved;
                break;
        }
    }
}
